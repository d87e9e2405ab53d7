import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Buckets } from './rate-limit.ts';

describe('a bucket', () => {
  test('holds what one may ask in a minute, and fills as time goes', () => {
    const buckets = new Buckets(60);
    for (let count = 0; count < 60; count++) assert.equal(buckets.take('one', 0), 0);
    assert.equal(buckets.take('one', 0), 1, 'a second until there is one again');
    assert.equal(buckets.take('other', 0), 0, 'each has its own');
    assert.equal(buckets.take('one', 500), 0.5);
    assert.equal(buckets.take('one', 1000), 0);
    assert.ok(buckets.take('one', 1000) > 0);
    for (let count = 0; count < 60; count++) assert.equal(buckets.take('one', 3_600_000), 0);
    assert.ok(buckets.take('one', 3_600_000) > 0, 'an hour of rest fills it once');
  });

  test('of whoever was quiet longest makes place for others, so that inventing callers takes no memory', () => {
    const buckets = new Buckets(1, 3);
    for (let caller = 0; caller < 10_000; caller++) buckets.take(`caller ${caller}`, 0);
    assert.equal(buckets.size, 3);
    assert.ok(buckets.take('caller 9999', 0) > 0, 'who asked last is still known');
  });
});
