import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findSensitive } from './find.ts';
import { mrzCheckDigit } from './mrz-characters.ts';
import { checkMrz } from './mrz-document.ts';

// Specimens of ICAO Doc 9303: part 4 appendix B, part 5 and 6 appendix B, part 7 appendices.
const documents = {
  TD3: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
  TD1: ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'],
  TD2: ['I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'D231458907UTO7408122F1204159<<<<<<<6'],
  'MRV-A': ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L8988901C4XXX4009078F96121096ZE184226B<<<<<<'],
  'MRV-B': ['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX4009078F9612109<<<<<<<<'],
} as const;

const kindsOf = (text: string): string[] =>
  findSensitive(text).map((match) => `${match.kind} ${match.certainty}`);

describe('machine readable zones', () => {
  test('every line of every specimen is found whole', () => {
    for (const [format, lines] of Object.entries(documents)) {
      for (const line of lines) {
        const [match, ...rest] = findSensitive(line);
        assert.equal(match?.kind, 'mrz', line);
        assert.equal(match.text, line);
        assert.equal(match.certainty, /\d{6}/.test(line) ? match.certainty : 'format');
        assert.deepEqual(rest, [], `${format}: ${line}`);
      }
      assert.deepEqual(checkMrz(lines), { format, failed: [] });
    }
    assert.deepEqual(kindsOf(documents.TD3[1]), ['mrz check-digit']);
    assert.deepEqual(kindsOf(documents.TD1[1]), ['mrz check-digit']);
    assert.deepEqual(kindsOf(documents.TD2[1]), ['mrz check-digit']);
    assert.deepEqual(kindsOf(documents['MRV-A'][1]), ['mrz check-digit']);
  });

  test('lines as recognisers read them: spaces, other fillers, lost fillers, O for 0', () => {
    for (const line of [
      'P<UTOERIKSSON<<ANNA<MARIA<<',
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<< >>>>>',
      'P< UTOERIKSSON<< ANNA<MARIA <<<<<<<<',
      'P<UTOERIKSSON\u00abANNA<MARIA<<\u304f<<<',
      'L898902C36UT07408122F1204159ZE184226B<<<10',
      'L898902C36UTO74O8122F12O4159ZE184226B<<<<<10',
      '7408122F1204I59UT0<<<<6',
    ]) {
      assert.deepEqual(
        kindsOf(line).map((kind) => kind.split(' ')[0]),
        ['mrz'],
        line,
      );
    }
    assert.deepEqual(kindsOf('L898902C36UTO74O8122F12O4159ZE184226B<<<<<10'), ['mrz check-digit']);
  });

  test('words, code and headlines are none', () => {
    for (const line of [
      'DEPARTMENT OF HOMELAND SECURITY',
      'std::cout << "hello" << std::endl;',
      'A << B << C',
      '1 > 2 >> HELLO -> WORLD',
      'INTERNATIONAL ARRIVALS',
      '<<<<<<<<<<<<<<<<<<<<',
    ]) {
      assert.deepEqual(kindsOf(line), [], line);
    }
  });

  test('check digits: the worked examples of part 3, 4.9 and every change of one character', () => {
    assert.equal(mrzCheckDigit('520727'), 3);
    assert.equal(mrzCheckDigit('AB2134<<<'), 5);
    const field = 'L898902C3';
    const value = (character: string): number => (character === '<' ? 0 : parseInt(character, 36));
    for (let index = 0; index < field.length; index++) {
      for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<') {
        const changed = field.slice(0, index) + character + field.slice(index + 1);
        const same = (value(character) - value(field[index]!)) % 10 === 0;
        assert.equal(mrzCheckDigit(changed) === 6, same, changed);
      }
    }
  });

  test('whole documents name the fields that do not agree', () => {
    const [first, second] = documents.TD3;
    const changed = (at: number, character: string): string[] => [
      first,
      second.slice(0, at) + character + second.slice(at + 1),
    ];
    assert.deepEqual(checkMrz(changed(1, '9'))?.failed, ['number', 'composite']);
    assert.deepEqual(checkMrz(changed(14, '5'))?.failed, ['birth', 'composite']);
    assert.deepEqual(checkMrz(changed(30, '5'))?.failed, ['personal', 'composite']);
    assert.deepEqual(checkMrz(changed(43, '5'))?.failed, ['composite']);
    assert.equal(checkMrz([first]), undefined);
    assert.equal(checkMrz([first, second.slice(1)]), undefined);
  });
});
