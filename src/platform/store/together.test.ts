import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadTogether } from './together.ts';

test('what comes while a read is on its way is asked for in the next one, once', async () => {
  const reads: string[][] = [];
  const together = new ReadTogether<string, number>(async (keys) => {
    reads.push([...keys]);
    await sleep(5);
    return new Map(keys.filter((key) => key !== 'none').map((key) => [key, key.length]));
  });
  const first = together.of('a');
  const later = [together.of('bb'), together.of('none'), together.of('bb'), together.of('a')];
  assert.equal(await first, 1);
  assert.deepEqual(await Promise.all(later), [2, undefined, 2, 1]);
  assert.deepEqual(reads, [['a'], ['bb', 'none', 'a']]);
});

test('a read that fails fails for those who asked, and not for those after them', async () => {
  let fails = true;
  const together = new ReadTogether<string, string>(async (keys) => {
    await sleep(1);
    if (fails) throw new Error('gone');
    return new Map(keys.map((key) => [key, key]));
  });
  const asked = [together.of('a'), together.of('b')];
  await assert.rejects(asked[0] ?? Promise.resolve(), /gone/);
  await assert.rejects(asked[1] ?? Promise.resolve(), /gone/);
  fails = false;
  assert.equal(await together.of('a'), 'a');
});
