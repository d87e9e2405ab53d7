import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Random } from '../../core/random.ts';
import { generateSigningKeyPem, parseSigningKey } from '../../core/signing-key.ts';
import { append, sequence } from '../../platform/ledger/ledger.ts';
import { platformSchema } from '../../platform/migrations/index.ts';
import type { Database } from '../../platform/store/database.ts';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { logStep } from '../migrations/2026-11-22-1900-log.ts';
import { openCheckpoint } from './checkpoint.ts';
import { Frontier } from './frontier.ts';
import { currentHead, entryLeaf, keepInTree, newestHead, proveEntry, proveGrowth, signHead } from './log.ts';
import { emptyRoot, provesConsistency, provesInclusion } from './merkle.ts';

const server = await startTestServer();
const key = parseSigningKey(generateSigningKeyPem(), 'test');

describe('the log', () => {
  let db: Database;
  before(async () => {
    ({ db } = await server.database([...platformSchema, logStep]));
  });

  const add = async (count: number): Promise<void> => {
    await db.transaction().execute(async (tx) => {
      for (let i = 0; i < count; i++)
        await append(tx, { kind: 'test.event', at: new Date(), actor: 'system', subjects: { n: String(i) } });
    });
    while ((await sequence(db, keepInTree)) > 0);
  };

  test('of nothing is empty and not signed', async () => {
    assert.deepEqual(await currentHead(db), { size: 0, root: emptyRoot() });
    assert.equal(await signHead(db, { origin: 'harbour/1', key, now: new Date() }), undefined);
  });

  test('has the root of its entries however they came in, and proves each entry and each growth', async () => {
    const random = new Random('log');
    const frontier = new Frontier();
    const heads: { size: number; root: Uint8Array }[] = [];
    for (const count of [1, 1, 254, 1, 3, 253, 700, 11]) {
      await add(count);
      const entries = await db
        .selectFrom('ledger')
        .select(['index', 'event'])
        .where('index', '>=', frontier.size)
        .orderBy('index')
        .execute();
      for (const { event } of entries) frontier.push(entryLeaf(event));
      const head = await currentHead(db);
      assert.equal(head.size, frontier.size);
      assert.deepEqual(Buffer.from(head.root), Buffer.from(frontier.root()));
      heads.push(head);
    }
    const now = heads.at(-1)!;
    const events = await db.selectFrom('ledger').select('event').orderBy('index').execute();
    for (const { size, root } of heads) {
      const proof = await proveGrowth(db, size, now.size);
      assert.ok(provesConsistency({ part: { begin: 0, end: size, root }, tree: now, proof }));
      for (let round = 0; round < 20; round++) {
        const index = random.integer(size);
        const said = {
          leaf: entryLeaf(events[index]!.event),
          index,
          within: { begin: 0, end: size },
          proof: await proveEntry(db, index, size),
        };
        assert.ok(provesInclusion(said, root));
        assert.ok(!provesInclusion({ ...said, leaf: entryLeaf({ another: 'event' }) }, root));
      }
    }
  });

  test('is signed once for each size, and whoever has the key can tell', async () => {
    await add(2);
    const now = new Date('2026-11-22T12:00:00Z');
    const [one, other] = await Promise.all([
      signHead(db, { origin: 'harbour/1', key, now }),
      signHead(db, { origin: 'harbour/1', key, now }),
    ]);
    assert.equal(one?.note, other?.note);
    assert.equal((await newestHead(db))?.note, one?.note);
    const { size, root } = await currentHead(db);
    const opened = openCheckpoint(one!.note, key.publicKey)!;
    assert.deepEqual(
      { ...opened, root: opened.root.toString() },
      { origin: 'harbour/1', size, root: Buffer.from(root).toString(), at: now },
    );
    const stranger = parseSigningKey(generateSigningKeyPem(), 'stranger');
    assert.equal(openCheckpoint(one!.note, stranger.publicKey), undefined);
    for (let at = 0; at < one!.note.length; at++) {
      const changed = `${one!.note.slice(0, at)}${one!.note[at] === 'A' ? 'B' : 'A'}${one!.note.slice(at + 1)}`;
      assert.equal(openCheckpoint(changed, key.publicKey), undefined, `a change at ${at} was accepted`);
    }
    await assert.rejects(db.deleteFrom('ledger_heads').execute(), /append-only/);
  });
});
