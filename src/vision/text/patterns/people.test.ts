import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findSensitive, type SensitiveOptions } from './find.ts';

const found = (text: string, options?: SensitiveOptions): string[] =>
  findSensitive(text, options).map((match) => `${match.kind}: ${match.text}`);

describe('persons, their numbers and addresses', () => {
  test('social security numbers: written forms, and areas that were never issued', () => {
    for (const number of ['219-09-9999', '219 09 9999', '219.09.9999', '2l9-O9-9999']) {
      assert.deepEqual(found(`no ${number}.`), [`ssn: ${number}`]);
    }
    assert.deepEqual(found('SSN: 219099999'), ['ssn: 219099999']);
    for (const text of [
      '000-12-3456',
      '666-12-3456',
      '900-12-3456',
      '219-00-9999',
      '219-09-0000',
      '219-09 9999',
      '219099999',
      '1219-09-9999',
      '219-09-99991',
    ]) {
      assert.deepEqual(found(text), [], text);
    }
  });

  test('telephone numbers', () => {
    for (const number of [
      '(212) 555-0123',
      '212-555-0123',
      '212.555.0123',
      '+1 212 555 0123',
      '1-212-555-0123',
      '(212) 555-O1Z3',
      '+49 89 1234567',
      '+44 (0)20 7946 0018',
    ]) {
      assert.deepEqual(found(`Tel ${number}`), [`phone: ${number}`]);
    }
    for (const text of [
      '112-555-0123',
      '211-555-0123',
      '212-155-0123',
      '2125550123',
      '252.227-7013',
      '2026-11-22',
    ]) {
      assert.deepEqual(found(text), [], text);
    }
  });

  test('e-mail addresses, with what recognisers do to them', () => {
    for (const address of [
      'john.doe@example.com',
      'J_D+x@mail.example.co.uk',
      'a@b.io',
      'john.doe @ example .com',
    ]) {
      assert.deepEqual(
        found(`to ${address} now`.replace(' now', '')).at(-1)?.slice(-12),
        `email: ${address}`.slice(-12),
      );
    }
    assert.deepEqual(found('at 5 @ home'), []);
  });

  test('alien registration numbers', () => {
    for (const number of ['A123456789', 'A-123-456-789', 'A 123 456 789', 'A#12345678']) {
      assert.deepEqual(found(number), [`a-number: ${number}`]);
    }
    assert.deepEqual(found('BA123456789'), []);
  });

  test('plates on vehicles only', () => {
    for (const plate of ['7ABC123', 'ABC 1234', '4S5 0233', 'M-AB 1234', '1287960', 'WOR-516K']) {
      assert.deepEqual(found(plate, { context: 'vehicle' }), [`plate: ${plate}`]);
      assert.deepEqual(found(plate), []);
    }
    for (const text of ['TAXI', 'CALIFORNIA', '12', 'A1', 'Call 555', 'ABCDE12345678']) {
      assert.deepEqual(found(text, { context: 'vehicle' }), [], text);
    }
  });
});
