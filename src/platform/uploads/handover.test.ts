import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { Handover } from './handover.ts';

const piece = (value: number): Uint8Array => Uint8Array.of(value);

test('a piece is handed over when the reader takes it, and not before', async () => {
  const handover = new Handover();
  const reader = handover[Symbol.asyncIterator]();
  let taken = 0;
  const giving = (async () => {
    for (const value of [1, 2, 3]) {
      await handover.give(piece(value));
      taken += 1;
    }
    handover.end();
  })();
  await sleep(5);
  assert.equal(taken, 0);
  for (const value of [1, 2, 3]) {
    assert.deepEqual(await reader.next(), { done: false, value: piece(value) });
    await sleep(5);
    assert.equal(taken, value);
  }
  assert.deepEqual(await reader.next(), { done: true, value: undefined });
  await giving;
});

test('a reader that waits is woken by a piece, and by the end', async () => {
  const handover = new Handover();
  const reader = handover[Symbol.asyncIterator]();
  const first = reader.next();
  await sleep(5);
  await handover.give(piece(7));
  assert.deepEqual((await first).value, piece(7));
  const last = reader.next();
  await sleep(5);
  handover.end();
  assert.equal((await last).done, true);
});

test('what breaks it reaches the reader, who waits to give, and who comes later', async () => {
  const broken = new Error('broken');
  const handover = new Handover();
  const giving = handover.give(piece(1));
  handover.break(broken);
  handover.break(new Error('a later one'));
  await assert.rejects(giving, broken);
  await assert.rejects(handover.give(piece(2)), broken);
  await assert.rejects(handover[Symbol.asyncIterator]().next(), broken);
});

test('an end that came first stands', async () => {
  const handover = new Handover();
  handover.end();
  handover.break(new Error('too late'));
  assert.equal((await handover[Symbol.asyncIterator]().next()).done, true);
});
