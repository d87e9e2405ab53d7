import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { containerCheckDigit, mrzCheckDigit, travelDocumentMrz } from './check-digits.ts';

describe('check digits', () => {
  test('of the specimen passport in ICAO 9303-4, appendix B', () => {
    const line = 'L898902C36UTO7408122F1204159ZE184226B<<<<<10';
    assert.equal(mrzCheckDigit(line.slice(0, 9)), 6);
    assert.equal(mrzCheckDigit(line.slice(13, 19)), 2);
    assert.equal(mrzCheckDigit(line.slice(21, 27)), 9);
    assert.equal(mrzCheckDigit(line.slice(28, 42)), 1);
    assert.equal(mrzCheckDigit(line.slice(0, 10) + line.slice(13, 20) + line.slice(21, 43)), 0);
  });

  test('make two lines of 44 characters', () => {
    const holder = {
      surname: 'SPECIMEN',
      given: 'TRAVELLER',
      number: 'L898902C3',
      born: '740812',
      expires: '320415',
    };
    const [names, numbers] = travelDocumentMrz(holder);
    assert.equal(names, 'P<UTOSPECIMEN<<TRAVELLER<<<<<<<<<<<<<<<<<<<<');
    assert.match(numbers, /^L898902C36UTO7408122<3204153<{14}0\d$/);
    assert.equal(names.length, 44);
    assert.equal(numbers.length, 44);
  });

  test('of container numbers, by the table of ISO 6346', () => {
    const values: Record<string, number> = {};
    let value = 10;
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
      if (value % 11 === 0) value++;
      values[letter] = value++;
    }
    const byTable = (prefix: string): number =>
      ([...prefix].reduce((sum, sign, i) => sum + (values[sign] ?? Number(sign)) * 2 ** i, 0) % 11) % 10;
    assert.equal(containerCheckDigit('CSQU305438'), 3);
    for (const prefix of ['TWXU000001', 'QZZU999999', 'ABCU123456', 'KLVU730915']) {
      assert.equal(containerCheckDigit(prefix), byTable(prefix));
    }
  });
});
