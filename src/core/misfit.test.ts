import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { check, misfitOf, misfitsOf } from './misfit.ts';

const schema = z.strictObject({
  port: z.int().min(1).max(65_535),
  name: z.string().min(1).max(5),
  shape: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('box'), width: z.number() }),
    z.strictObject({ kind: z.enum(['line', 'dot']) }),
  ]),
  either: z.union([z.string(), z.strictObject({ width: z.number() })]),
  at: z.iso.datetime(),
  points: z.array(z.number()).min(3),
  level: z.enum(['low', 'high']),
  own: z.string().refine((text) => text === 'yes', 'say yes'),
});
const good = {
  port: 1,
  name: 'gate',
  shape: { kind: 'dot' },
  either: 'text',
  at: '2026-12-25T18:00:00Z',
  points: [1, 2, 3],
  level: 'low',
  own: 'yes',
};

describe('what does not fit', () => {
  test('is named with its place and with what was expected there', () => {
    const wrong: readonly (readonly [change: object, place: string, what: string])[] = [
      [{ port: undefined }, 'port', 'it is missing; a number belongs here'],
      [{ port: 'ninety' }, 'port', 'a number belongs here, not a text'],
      [{ port: 1.5 }, 'port', 'a whole number belongs here'],
      [{ port: NaN }, 'port', 'a number belongs here, not NaN or infinity'],
      [{ port: null }, 'port', 'a number belongs here, not null'],
      [{ port: 0 }, 'port', 'it must be at least 1'],
      [{ port: 70_000 }, 'port', 'it must be at most 65535'],
      [{ name: '' }, 'name', 'it must not be empty'],
      [{ name: 'a long one' }, 'name', 'it must have at most 5 characters'],
      [{ shape: { kind: 'ring' } }, 'shape.kind', 'box, line or dot belongs here'],
      [{ shape: { kind: 'box' } }, 'shape.width', 'it is missing; a number belongs here'],
      [{ either: { width: 'wide' } }, 'either.width', 'a number belongs here, not a text'],
      [{ either: { width: 1, tint: 'red' } }, 'either.tint', 'there is no such key'],
      [{ either: 3 }, 'either', 'a text or a group of keys belongs here'],
      [{ at: 'noon' }, 'at', 'a time such as 2026-12-25T18:00:00Z belongs here'],
      [{ points: [1] }, 'points', 'it must have at least 3 entries'],
      [{ points: [1, 'x', 3] }, 'points.1', 'a number belongs here, not a text'],
      [{ level: 'loud' }, 'level', 'low or high belongs here'],
      [{ own: 'no' }, 'own', 'say yes'],
      [{ colour: 'red' }, 'colour', 'there is no such key'],
    ];
    assert.ok(check(schema, good).success);
    for (const [change, place, what] of wrong) {
      const { error } = check(schema, { ...good, ...change });
      assert.ok(error !== undefined, JSON.stringify(change));
      const found = misfitOf(error);
      assert.deepEqual([found.place, found.what], [place, what]);
    }
  });

  test('is all named where all is asked for, and what was given is not repeated', () => {
    const { error } = check(schema, { ...good, port: 'secret', name: 7, level: 'secret' });
    assert.ok(error !== undefined);
    const found = misfitsOf(error);
    assert.deepEqual(
      found.map(({ place }) => place),
      ['port', 'name', 'level'],
    );
    assert.doesNotMatch(JSON.stringify(found), /secret/);
  });
});
