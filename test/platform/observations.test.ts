import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  keepObservations,
  preparePartitions,
  type NewObservation,
} from '../../src/platform/store/observations.ts';
import { ask, newPerson, newSession, openHouse } from './attack/house.ts';

interface Seen {
  readonly id: string;
  readonly site: string;
  readonly seenAt: string;
  readonly class: string;
  readonly score: number;
}
interface Page {
  readonly items: readonly Seen[];
  readonly next?: string;
}

const house = await openHouse();
const start = Date.parse('2026-03-31T20:00:00Z');
const classes = ['person', 'car', 'boat'];

/** Over six hours and the end of a month; always five at the same moment, so that pages end among equals. */
const kept: NewObservation[] = Array.from({ length: 400 }, (_, n) => ({
  siteId: n % 3 === 0 ? 'quay' : 'pier',
  seenAt: new Date(start + Math.floor(n / 5) * 270_000),
  at: n,
  class: classes[(n * 7) % 3]!,
  // Held exactly in single precision, so that the recount here means the same.
  score: ((n * 37) % 64) / 64,
  box: { x: 1, y: 2, width: 3, height: 4 },
  model: 'made-up',
  modelDigest: 'abc',
}));
const span = (from: number, to: number): string =>
  `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
const all = span(start, start + 86_400_000);

describe('what was seen', () => {
  let everywhere: Record<string, string>;
  let atQuay: Record<string, string>;

  before(async () => {
    const { db } = house.platform;
    await preparePartitions(db, new Date(start), new Date(start + 86_400_000));
    // In batches whose hours overlap, so that counts add up over them.
    for (const part of [0, 1])
      await db.transaction().execute((tx) =>
        keepObservations(
          tx,
          kept.filter((_, n) => n % 2 === part),
        ),
      );
    everywhere = await newSession(house, await newPerson(house, [{ site: '*', role: 'viewer' }]));
    atQuay = await newSession(house, await newPerson(house, [{ site: 'quay', role: 'viewer' }]));
  });

  /** All pages of a list, one after the other. */
  async function listed(query: string, headers = everywhere): Promise<Seen[]> {
    const found: Seen[] = [];
    let cursor = '';
    for (let pages = 0; pages < 500; pages++) {
      const reply = await ask(house, { path: `/api/v1/observations?${query}${cursor}`, headers });
      assert.equal(reply.status, 200, reply.text);
      const { items, next } = JSON.parse(reply.text) as Page;
      found.push(...items);
      if (next === undefined) return found;
      cursor = `&cursor=${next}`;
    }
    assert.fail('the pages do not end');
  }

  const told = (list: readonly Seen[]): string[] =>
    list.map((one) => `${one.seenAt} ${one.site} ${one.class} ${one.score}`).sort();
  const counted = (wanted: (one: NewObservation) => boolean): string[] =>
    kept
      .filter(wanted)
      .map((one) => `${one.seenAt.toISOString()} ${one.siteId} ${one.class} ${one.score}`)
      .sort();

  test('is what a recount finds, by each filter alone and all together', async () => {
    const half = start + 3 * 3_600_000;
    const later = ({ seenAt }: NewObservation): boolean => seenAt.getTime() >= half;
    const cases: readonly [query: string, wanted: (one: NewObservation) => boolean][] = [
      [all, () => true],
      [span(half, start + 86_400_000), later],
      // The end of a span is not part of it.
      [span(start, half), (one) => !later(one)],
      [`${all}&class=car`, (one) => one.class === 'car'],
      [`${all}&class=train`, () => false],
      [`${all}&minScore=0.5`, (one) => one.score >= 0.5],
      [`${all}&site=quay`, (one) => one.siteId === 'quay'],
      [
        `${span(half, start + 86_400_000)}&class=boat&minScore=0.25&site=pier`,
        (one) => later(one) && one.class === 'boat' && one.score >= 0.25 && one.siteId === 'pier',
      ],
    ];
    for (const [query, wanted] of cases)
      assert.deepEqual(told(await listed(`${query}&limit=500`)), counted(wanted), query);
    const quay = (one: NewObservation): boolean => one.siteId === 'quay';
    assert.deepEqual(told(await listed(`${all}&limit=500`, atQuay)), counted(quay));
    assert.deepEqual(await listed(`${all}&site=pier`, atQuay), []);
  });

  test('comes page by page without gap or repetition, newest first, where pages end among equal moments', async () => {
    for (const limit of [3, 7]) {
      const found = await listed(`${all}&limit=${limit}&minScore=0.5`);
      assert.deepEqual(
        told(found),
        counted((one) => one.score >= 0.5),
      );
      assert.equal(new Set(found.map(({ id }) => id)).size, found.length);
      const moments = found.map(({ seenAt }) => seenAt);
      assert.deepEqual(moments, [...moments].sort().reverse());
    }
  });

  test('is counted by hour and class as a recount does', async () => {
    const hours = async (query: string, headers = everywhere): Promise<unknown> => {
      const reply = await ask(house, { path: `/api/v1/observations/hours?${query}`, headers });
      assert.equal(reply.status, 200, reply.text);
      return (JSON.parse(reply.text) as { items: unknown }).items;
    };
    const recount = (wanted: (one: NewObservation) => boolean): unknown => {
      const counts = new Map<string, number>();
      for (const one of kept.filter(wanted)) {
        const key = `${one.seenAt.toISOString().slice(0, 13)}:00:00.000Z ${one.class}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return [...counts]
        .map(([key, count]) => ({ hour: key.slice(0, 24), class: key.slice(25), count }))
        .sort((a, b) => (a.hour + a.class < b.hour + b.class ? -1 : 1));
    };
    assert.deepEqual(
      await hours(all),
      recount(() => true),
    );
    assert.deepEqual(
      await hours(`${all}&site=quay`),
      recount(({ siteId }) => siteId === 'quay'),
    );
    assert.deepEqual(
      await hours(all, atQuay),
      recount(({ siteId }) => siteId === 'quay'),
    );
    const first = start + 3_600_000;
    assert.deepEqual(
      await hours(span(start, first)),
      recount(({ seenAt }) => seenAt.getTime() < first),
    );
  });
});
