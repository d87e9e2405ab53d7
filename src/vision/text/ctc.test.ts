import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeCtc, parseAlphabet, restrictTo } from './ctc.ts';

const alphabet = ['A', 'B', '0', 'O'];

/** One step per entry: class -> probability, the rest goes to the blank. */
function steps(...entries: Record<number, number>[]): Float32Array {
  return Float32Array.from(
    entries.flatMap((entry) => {
      const row = [0, 0, 0, 0, 0];
      for (const [index, value] of Object.entries(entry)) row[Number(index)] = value;
      row[0] ||= 1 - row.reduce((sum, value) => sum + value, 0);
      return row;
    }),
  );
}

describe('decodeCtc', () => {
  test('merges repeats, keeps doubles that a blank parts, takes the best score of a run', () => {
    const values = steps({ 1: 0.75 }, { 1: 0.875 }, {}, { 1: 0.625 }, { 2: 0.75 }, {});
    const reading = decodeCtc(values, 6, 5, alphabet);
    assert.equal(reading.text, 'AAB');
    assert.deepEqual(reading.characterScores, [0.875, 0.625, 0.75]);
    assert.equal(reading.score, 0.75);
  });

  test('nothing but blanks is an empty text of score 0', () => {
    assert.deepEqual(decodeCtc(steps({}, {}), 2, 5, alphabet), { text: '', score: 0, characterScores: [] });
  });

  test('a mask keeps to the characters that can occur', () => {
    const values = steps({ 4: 0.5, 3: 0.375 });
    assert.equal(decodeCtc(values, 1, 5, alphabet).text, 'O');
    assert.equal(decodeCtc(values, 1, 5, alphabet, restrictTo(alphabet, '0123456789')).text, '0');
  });

  test('sizes that do not fit are refused', () => {
    assert.throws(() => decodeCtc(new Float32Array(5), 1, 5, ['A']), RangeError);
    assert.throws(() => decodeCtc(new Float32Array(4), 1, 5, alphabet), RangeError);
  });

  test('a key file gives its lines and the space', () => {
    assert.deepEqual(parseAlphabet("'\n字\r\nA\n"), ["'", '字', 'A', ' ']);
  });
});
