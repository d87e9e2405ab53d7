import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FreeBuffers } from './free-buffers.ts';

describe('FreeBuffers', () => {
  test('gives used bytes again, zeroed', () => {
    const buffers = new FreeBuffers(2);
    const first = buffers.take(12);
    first.fill(9);
    buffers.giveBack(first);
    assert.notEqual(buffers.take(6).buffer, first.buffer);
    const again = buffers.take(12);
    assert.equal(again.buffer, first.buffer);
    assert.ok(again.every((byte) => byte === 0));
  });

  test('keeps no more than its limit', () => {
    const buffers = new FreeBuffers(2);
    const taken = [4, 5, 6].map((bytes) => buffers.take(bytes));
    for (const buffer of taken) buffers.giveBack(buffer);
    assert.notEqual(buffers.take(4).buffer, taken[0]!.buffer);
    assert.equal(buffers.take(5).buffer, taken[1]!.buffer);
  });

  test('gives away only what it issued, and that once', () => {
    const buffers = new FreeBuffers(2);
    const issued = buffers.take(4);
    assert.equal(buffers.own(issued), issued);
    assert.notEqual(buffers.own(issued).buffer, issued.buffer);
    const foreign = Uint8Array.of(1, 2, 3, 4);
    const copy = buffers.own(foreign);
    assert.notEqual(copy.buffer, foreign.buffer);
    assert.deepEqual([...copy], [1, 2, 3, 4]);
    const part = buffers.take(8).subarray(4);
    assert.notEqual(buffers.own(part).buffer, part.buffer);
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(5);
    assert.deepEqual([...buffers.own(shared)], [5, 5, 5, 5]);
  });
});
