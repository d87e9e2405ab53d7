import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { collect, person, pieces, recordAsset, site, testVault } from '../../../test/platform/vault-parts.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import { vault as vaultStep } from '../migrations/2026-11-22-1720-vault.ts';
import { erasedObservations } from '../migrations/2026-11-23-1345-erased-observations.ts';
import { migrate } from '../store/migrate.ts';
import { keepObservations, type NewObservation } from '../store/observations.ts';
import type { Erasure } from './erase.ts';
import { due } from './retention.ts';

const server = await startTestServer();
const { db } = await server.database([store, vaultStep]);
const { vault, put, newCase, files } = await testVault(db);

const now = new Date('2030-01-01T00:00:00Z');
const why = { reason: 'its schedule asks for it', by: person, now };

function daysBefore(days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}
function erase(id: string, at = now): Promise<Erasure> {
  return db.transaction().execute((tx) => vault.erase(tx, id, { ...why, now: at }));
}
function hold(id: string, held: boolean): Promise<unknown> {
  return db.updateTable('assets').set({ legal_hold: held }).where('id', '=', id).execute();
}
async function dueIds(at = now): Promise<string[]> {
  return (await due(db, at)).map(({ id }) => id);
}
const content = randomBytes(100);
const old = await newCase(daysBefore(2190));

describe('an asset that is erased', () => {
  test('loses its key, then its file; the row says who did it and why', async () => {
    const id = await put(content, { caseId: old });
    const before = files().length;
    const erasure = await erase(id);
    assert.deepEqual(erasure.assets, [id]);
    await assert.rejects(vault.open(id), { code: 'E_VAULT_ERASED', message: new RegExp(id) });
    await assert.rejects(vault.verify(id), { code: 'E_VAULT_ERASED' });
    assert.equal(files().length, before);
    await erasure.removeObjects();
    assert.equal(files().length, before - 1);
    await erasure.removeObjects();

    const rows = await db.selectFrom('vault_erasures').selectAll().where('asset_id', '=', id).execute();
    assert.deepEqual(rows, [
      { asset_id: id, because_of: id, reason: why.reason, erased_by: person, erased_at: now },
    ]);
    const asset = await db.selectFrom('assets').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    assert.deepEqual(asset.erased_at, now);
    assert.equal(asset.bytes, 100);
    await assert.rejects(erase(id), { code: 'E_VAULT_ERASED' });
    await assert.rejects(erase(randomUUID()), { code: 'E_VAULT_MISSING' });
    const again = vault.put(id, pieces(content), { maxBytes: 1000 }, async () => {});
    await assert.rejects(again, { code: 'E_VAULT_EXISTS' });
  });

  test('is all there when the transaction is given up', async () => {
    const id = await put(content, { caseId: old });
    const erasing = db.transaction().execute(async (tx) => {
      await vault.erase(tx, id, why);
      throw new Error('given up');
    });
    await assert.rejects(erasing, /given up/);
    assert.deepEqual(await collect(await vault.open(id)), content);
  });

  test('takes along what models saw in it, and in what was made from it, out of the counts too', async () => {
    const id = await put(content, { caseId: old });
    const proxy = await put(content, { caseId: old, derivedFrom: id, role: 'proxy' });
    const other = await put(content, { caseId: old });
    const seen = (assetId: string, text: string): NewObservation => ({
      ...{ siteId: site, assetId, text, seenAt: now, at: 0, class: 'text', score: 0.9 },
      ...{ box: { x: 0, y: 0, width: 10, height: 10 }, model: 'reader', modelDigest: 'a'.repeat(64) },
    });
    await db
      .transaction()
      .execute((tx) =>
        keepObservations(tx, [seen(id, 'a name'), seen(proxy, 'a name again'), seen(other, 'a sign')]),
      );
    await erase(id);
    const left = await db.selectFrom('observations').select(['asset_id', 'text']).execute();
    assert.deepEqual(left, [{ asset_id: other, text: 'a sign' }]);
    const hours = await db.selectFrom('observation_hours').select(['class', 'count']).execute();
    assert.deepEqual(
      hours.map(({ class: name, count }) => [name, Number(count)]),
      [['text', 1]],
    );
  });

  test('by a version that left what models saw in it loses that when the schema is brought up to date', async () => {
    const { db: earlier } = await server.database([store, vaultStep]);
    const parts = await testVault(earlier);
    const [erased, kept] = [await parts.put(content), await parts.put(content)];
    const batch = [erased, erased, kept].map((assetId, minute) => ({
      ...{ siteId: site, assetId, text: 'a name', seenAt: new Date(now.getTime() + minute * 60_000) },
      ...{ at: 0, class: 'text', score: 0.9, model: 'reader', modelDigest: 'a'.repeat(64) },
      box: { x: 0, y: 0, width: 10, height: 10 },
    }));
    const { assetId: _, ...ofCamera } = batch[0]!;
    await earlier
      .transaction()
      .execute((tx) => keepObservations(tx, [...batch, { ...ofCamera, cameraId: randomUUID() }]));
    await earlier.updateTable('assets').set({ erased_at: now }).where('id', '=', erased).execute();
    await migrate(earlier, [store, vaultStep, erasedObservations]);
    const left = await earlier.selectFrom('observations').select('asset_id').orderBy('id').execute();
    assert.deepEqual(
      left.map((row) => row.asset_id),
      [kept, null],
    );
    const hours = await earlier.selectFrom('observation_hours').select('count').execute();
    assert.deepEqual(
      hours.map(({ count }) => Number(count)),
      [2],
    );
  });

  test('takes along all that was made from it, at any depth', async () => {
    const id = await put(content, { caseId: old });
    const proxy = await put(content, { caseId: old, derivedFrom: id, role: 'proxy', retention: 'permanent' });
    const thumbnail = await put(content, { caseId: old, derivedFrom: proxy, role: 'thumbnail' });
    const other = await put(content, { caseId: old });
    const { assets } = await erase(id);
    assert.deepEqual(new Set(assets), new Set([id, proxy, thumbnail]));
    for (const gone of [id, proxy, thumbnail]) {
      await assert.rejects(vault.open(gone), { code: 'E_VAULT_ERASED' });
    }
    const reasons = await db
      .selectFrom('vault_erasures')
      .select('because_of')
      .where('asset_id', 'in', [proxy, thumbnail])
      .execute();
    assert.deepEqual(reasons, [{ because_of: id }, { because_of: id }]);
    assert.deepEqual(await collect(await vault.open(other)), content);
  });

  test('cannot be outlived by what is made from it at the same moment', async () => {
    const id = await put(content, { caseId: old });
    const made = randomUUID();
    const reached = Promise.withResolvers<void>();
    const erasing = db.transaction().execute(async (tx) => {
      await vault.erase(tx, id, why);
      reached.resolve();
      await sleep(200);
    });
    await reached.promise;
    const before = files().length;
    const making = vault.put(made, pieces(content), { maxBytes: 1000 }, (tx, stored) =>
      recordAsset(tx, made, stored, { caseId: old, derivedFrom: id, role: 'proxy' }),
    );
    await assert.rejects(making, { code: 'E_VAULT_ERASED', message: new RegExp(id) });
    await erasing;
    assert.equal(files().length, before);
    await assert.rejects(vault.open(made), { code: 'E_VAULT_MISSING' });
  });

  test('takes along what was being made from it first', async () => {
    const id = await put(content, { caseId: old });
    const made = randomUUID();
    const reached = Promise.withResolvers<void>();
    const making = vault.put(made, pieces(content), { maxBytes: 1000 }, async (tx, stored) => {
      await recordAsset(tx, made, stored, { caseId: old, derivedFrom: id, role: 'proxy' });
      reached.resolve();
      await sleep(200);
    });
    await reached.promise;
    const { assets } = await erase(id);
    await making;
    assert.deepEqual(assets, [id, made]);
  });
});

describe('an asset that is kept', () => {
  test('by a legal hold, its own or that of what was made from it, is not erased', async () => {
    const id = await put(content, { caseId: old });
    const thumbnail = await put(content, { caseId: old, derivedFrom: id, role: 'thumbnail' });
    for (const held of [id, thumbnail]) {
      await hold(held, true);
      await assert.rejects(erase(id), { code: 'E_LEGAL_HOLD', message: new RegExp(held) });
      assert.ok(!(await dueIds()).includes(id));
      await hold(held, false);
    }
    assert.ok((await dueIds()).includes(id));
    assert.deepEqual(await collect(await vault.open(id)), content);
    await erase(id);
  });

  test('by its class is not erased before its time', async () => {
    const opened = await newCase();
    const closed = await newCase(daysBefore(30));
    const cases = [
      { caseId: opened, retention: 'case', until: 'never' },
      { caseId: old, retention: 'permanent', until: 'never' },
      { caseId: closed, retention: 'working', until: now },
      { caseId: opened, retention: 'routine', createdAt: daysBefore(30), until: now },
      { caseId: old, retention: 'case', until: now },
    ];
    for (const { until, ...asset } of cases) {
      const id = await put(content, asset);
      if (typeof until === 'string') {
        const later = new Date('2900-01-01T00:00:00Z');
        await assert.rejects(erase(id, later), { code: 'E_RETENTION', message: /not yet known/ });
        assert.ok(!(await dueIds(later)).includes(id));
        continue;
      }
      const early = new Date(until.getTime() - 1);
      await assert.rejects(erase(id, early), { code: 'E_RETENTION', message: /2030-01-01T00:00/ });
      assert.ok(!(await dueIds(early)).includes(id), asset.retention);
      assert.ok((await dueIds()).includes(id), asset.retention);
      await erase(id);
      assert.ok(!(await dueIds()).includes(id), asset.retention);
    }
  });

  test('as an output that was made from another keeps that one too', async () => {
    const id = await put(content, { caseId: old });
    const output = await put(content, {
      caseId: old,
      derivedFrom: id,
      role: 'output',
      retention: 'permanent',
    });
    await assert.rejects(erase(id), { code: 'E_RETENTION', message: new RegExp(output) });
    assert.ok(!(await dueIds()).includes(id));
  });
});

test('what is due is listed longest due first, without what goes along with it', async () => {
  const long = await newCase(daysBefore(4000));
  const first = await put(content, { caseId: long });
  await put(content, { caseId: long, derivedFrom: first, role: 'proxy' });
  const listed = await due(db, now, 1);
  assert.deepEqual(listed, [
    {
      id: first,
      name: 'clip.mp4',
      caseId: long,
      siteId: 'port',
      retention: 'case',
      since: daysBefore(4000 - 2190),
    },
  ]);
  const all = await dueIds();
  const rows = await db.selectFrom('assets').select(['id', 'role']).where('id', 'in', all).execute();
  assert.ok(rows.every(({ role }) => role !== 'proxy' && role !== 'thumbnail'));
});

test('a class that does not exist is refused', async () => {
  await assert.rejects(put(content, { retention: 'forever' }), /assets_retention_fkey/);
});
