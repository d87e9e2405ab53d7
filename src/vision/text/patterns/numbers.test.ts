import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Random } from '../../../core/random.ts';
import { waybillCheckDigit } from './air-waybill.ts';
import { luhnValid } from './card.ts';
import { containerCheckDigit } from './container-number.ts';
import { findSensitive } from './find.ts';
import type { SensitiveMatch } from './match.ts';
import { vinCheckCharacter } from './vin.ts';

function only(text: string): Pick<SensitiveMatch, 'kind' | 'text' | 'certainty'> | undefined {
  const matches = findSensitive(text);
  assert.ok(matches.length <= 1, `${text}: ${JSON.stringify(matches)}`);
  const match = matches[0];
  return match && { kind: match.kind, text: match.text, certainty: match.certainty };
}

/** Every string that differs from this one in one character, kept to the alphabet. */
function* changes(text: string, alphabet: string): Generator<string> {
  for (let index = 0; index < text.length; index++) {
    for (const character of alphabet) {
      if (character !== text[index]) yield text.slice(0, index) + character + text.slice(index + 1);
    }
  }
}

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.integer(10)).join('');

describe('container numbers', () => {
  test('the example of ISO 6346, in every grouping and with its size-type code', () => {
    assert.equal(containerCheckDigit('CSQU', '305438'), 3);
    for (const text of ['CSQU3054383', 'CSQU 305438 3', 'CSQU 305-438-3', 'CSQU-305438-3', 'csqu 305438 3']) {
      assert.deepEqual(only(text), { kind: 'container-number', text, certainty: 'check-digit' });
    }
    for (const text of ['CSQU305438322G1', 'CSQU 305438 3 22G1', 'CSQU 3054383 L5R1']) {
      assert.equal(only(text)?.text.replaceAll(' ', ''), 'CSQU3054383', text);
    }
  });

  test('letters and digits that look alike are told apart by their place', () => {
    for (const text of [
      'CSQU3O54383',
      'C5QU3054383',
      'CS0U3054383',
      'CSQU30S4383',
      'CSQU 3O5438 3',
      'CSQU30543B3',
    ]) {
      assert.equal(only(text)?.certainty, 'check-digit', text);
    }
  });

  test('a wrong check digit leaves the form; other letters in place four, longer and shorter words nothing', () => {
    assert.equal(only('CSQU3054384')?.certainty, 'format');
    assert.equal(only('CSQU3O54384'), undefined);
    for (const text of ['CSQA3054383', 'CSQU305438', 'CSQU30543834', 'XCSQU3054383', '05012305438 3']) {
      assert.equal(only(text), undefined, text);
    }
  });

  test('every change of one digit is caught where the remainder is neither 10 nor becomes 10', () => {
    for (const serial of changes('305438', '0123456789')) {
      assert.notEqual(containerCheckDigit('CSQU', serial), 3, serial);
    }
  });
});

describe('vehicle identification numbers', () => {
  test('the example of 49 CFR 565 tables', () => {
    assert.equal(vinCheckCharacter('1M8GDM9AXKP042788'), 'X');
    assert.deepEqual(only('VIN: 1M8GDM9AXKP042788'), {
      kind: 'vin',
      text: '1M8GDM9AXKP042788',
      certainty: 'check-digit',
    });
    assert.equal(only('IM8GDM9AXKPO42788')?.certainty, 'check-digit', 'I and O do not occur in a VIN');
  });

  test('every change of one character is caught, but for letters and digits of equal value', () => {
    const value = (character: string): string => vinCheckCharacter(`${character}0000000000000000`);
    for (const changed of changes('1M8GDM9AXKP042788', 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789')) {
      if (changed[8] !== 'X') continue;
      const at = [...changed].findIndex((character, index) => character !== '1M8GDM9AXKP042788'[index]);
      const equalValue = value(changed[at]!) === value('1M8GDM9AXKP042788'[at]!);
      assert.equal(vinCheckCharacter(changed) === 'X', equalValue, changed);
    }
  });

  test('without a check character it is a matter of form; words are none', () => {
    assert.equal(only('WVWZZZ1JZ3W386752')?.certainty, 'format', 'European');
    assert.equal(only('POSSIBILITY OF SUCH'), undefined);
    assert.equal(only('ABCDEFGHJKLMNPRST'), undefined);
  });
});

describe('air waybills', () => {
  test('prefix, serial number and check digit', () => {
    assert.equal(waybillCheckDigit('1234567'), 1234567 % 7);
    for (const text of ['020-12345675', '020 1234 5675', '020-1234 5675', '02O-12345675']) {
      assert.deepEqual(only(text), { kind: 'air-waybill', text, certainty: 'check-digit' });
    }
    assert.equal(only('02012345675'), undefined, 'eleven digits alone');
    assert.equal(only('AWB No. 02012345675')?.kind, 'air-waybill');
    assert.equal(only('020-12345676'), undefined);
    assert.equal(only('020-123-45675'), undefined, 'grouped otherwise');
  });

  test('a change of one digit is caught unless it is by 7, as modulo 7 promises', () => {
    for (const changed of changes('1234567', '0123456789')) {
      const by = [...changed].reduce((sum, digit, index) => sum + Math.abs(Number(digit) - (index + 1)), 0);
      assert.equal(waybillCheckDigit(changed) === 5, by === 7, changed);
    }
  });
});

describe('payment cards', () => {
  // Numbers that the payment schemes and processors publish for testing.
  const cards = [
    '4111 1111 1111 1111',
    '4012888888881881',
    '5555-5555-5555-4444',
    '2223003122003222',
    '3782 822463 10005',
    '6011111111111117',
    '3530111333300000',
    '30569309025904',
    '6200000000000005',
  ];

  test('published test numbers, in groups or not, with misread digits', () => {
    for (const text of cards) assert.deepEqual(only(text), { kind: 'card', text, certainty: 'check-digit' });
    assert.equal(only('4I11 11l1 1111 1111')?.kind, 'card');
    assert.equal(only('4111 1111 1111 1112'), undefined);
    assert.equal(only('1234567812345670'), undefined, 'Luhn holds, no issuer');
  });

  test('Luhn: the example of the patent (US 2,950,048) and all changes of one digit', () => {
    assert.ok(luhnValid('79927398713'));
    for (const changed of changes('79927398713', '0123456789')) assert.ok(!luhnValid(changed), changed);
  });

  test('Luhn: neighbours exchanged are caught, but for 0 and 9', () => {
    const random = new Random('luhn');
    for (let trial = 0; trial < 200; trial++) {
      const payload = digits(random, 15);
      const number = [...'0123456789'].map((last) => payload + last).find(luhnValid)!;
      for (let index = 0; index < 15; index++) {
        const [a, b] = [number[index]!, number[index + 1]!];
        if (a === b) continue;
        const swapped = number.slice(0, index) + b + a + number.slice(index + 2);
        assert.equal(luhnValid(swapped), a + b === '09' || a + b === '90', swapped);
      }
    }
  });
});

describe('random strings', () => {
  const random = new Random('false matches');
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const both = [...letters, ...'0123456789'];
  const word = (alphabet: readonly string[], count: number): string =>
    Array.from({ length: count }, () => random.pick(alphabet)).join('');
  const share = (make: () => string): number => {
    let matched = 0;
    for (let trial = 0; trial < 2000; trial++) if (findSensitive(make()).length > 0) matched++;
    return matched / 2000;
  };

  test('rarely match: the rates in the docstrings hold', () => {
    assert.ok(share(() => word(both, 11)) < 0.005, 'eleven letters and digits');
    assert.ok(share(() => word(both, 17)) < 0.03, 'seventeen');
    assert.ok(share(() => word(both, 30)) < 0.015, 'thirty');
    assert.ok(share(() => word(both, 44)) < 0.005, 'forty-four');
    assert.ok(share(() => digits(random, 16)) < 0.05, 'sixteen digits');
    assert.ok(share(() => digits(random, 11)) < 0.005, 'eleven digits');
    assert.ok(
      share(() => Array.from({ length: 6 }, () => word(letters, 1 + random.integer(9))).join(' ')) < 0.005,
    );
  });
});
