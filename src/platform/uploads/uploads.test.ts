import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { person, recordAsset, testFolder, testVault } from '../../../test/platform/vault-parts.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { platformSchema } from '../migrations/index.ts';
import { rotateMasterKey } from '../secrets/rotate.ts';
import { SEALED_CHUNK_BYTES } from '../vault/chunks.ts';
import { wrappedDraftKeys } from './rows.ts';
import { Uploads, type UploadsParts } from './uploads.ts';

const server = await startTestServer();
const { db } = await server.database(platformSchema);
const { vault, caseId, files, masterKey, put } = await testVault(db);
// The vault makes its folder when it stores something.
await put(Buffer.alloc(1));
const folder = testFolder();
const drafts = (): string[] => readdirSync(folder);
const hour = 3_600_000;

function newUploads(parts: Partial<UploadsParts> = {}): Uploads {
  const uploads = new Uploads({
    db,
    vault,
    folder,
    maxBytes: 10_000_000,
    now: () => new Date(),
    record: (tx, { assetId }, stored) => recordAsset(tx, assetId, stored, { caseId }),
    ...parts,
  });
  after(() => uploads.close());
  return uploads;
}

const file = { caseId, name: 'clip.mp4', by: person, metadata: '' };
const body = (bytes: Uint8Array | number): Readable =>
  Readable.from([typeof bytes === 'number' ? Buffer.alloc(bytes) : bytes], { objectMode: false });
const withCode = (code: string) => (error: unknown) =>
  error instanceof TidewaiterError && error.code === code;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('an upload that nothing comes for ends and leaves nothing; one that is sent to lives on', async () => {
  let at = Date.now();
  const uploads = newUploads({ now: () => new Date(at) });
  const before = files().length;
  const forgotten = await uploads.begin({ ...file, length: 10 });
  const kept = await uploads.begin({ ...file, length: 10 });
  const slow = new Readable({ read: () => undefined });
  slow.push(Buffer.alloc(1));
  const taking = uploads.take(kept.id, 0, slow);
  await sleep(100);
  at += 25 * hour;
  assert.equal(await uploads.find(forgotten.id), undefined);
  await assert.rejects(uploads.take(forgotten.id, 0, body(1)), withCode('E_UPLOAD_ENDED'));
  assert.equal(drafts().length, 2);
  await uploads.sweep();
  assert.equal(drafts().length, 1);
  slow.push(null);
  assert.equal((await taking).offset, 1);
  assert.ok((await uploads.take(kept.id, 1, body(9))).stored);
  assert.equal(files().length, before + 1, 'the one that was finished');
  assert.deepEqual(drafts(), []);
  at += 2 * hour;
  await uploads.sweep();
  assert.equal(await uploads.find(kept.id), undefined, 'finished ones are forgotten too');
  assert.equal((await vault.verify(kept.id)).bytes, 10);
  assert.deepEqual(await db.selectFrom('uploads').selectAll().execute(), []);
});

test('files that belong to no upload are removed once they are old', async () => {
  const uploads = newUploads();
  const { id } = await uploads.begin({ ...file, length: 10 });
  const [name = ''] = drafts();
  const lost = ['a', 'b'].map((digit) => join(folder, digit.repeat(32)));
  for (const path of lost) writeFileSync(path, 'x');
  for (const path of [join(folder, name), lost[0] ?? '']) utimesSync(path, 1000, 1000);
  await uploads.sweep();
  assert.deepEqual(drafts().sort(), [name, 'b'.repeat(32)].sort());
  await uploads.terminate(id);
  assert.deepEqual(drafts(), ['b'.repeat(32)]);
  utimesSync(lost[1] ?? '', 1000, 1000);
  await uploads.sweep();
});

test('a case or vault that refuses at the end is told to who sent the last byte', async () => {
  const uploads = newUploads({
    record: () => Promise.reject(new TidewaiterError('E_CASE_CLOSED', 'Closed', 'Open it.')),
  });
  const before = files().length;
  const upload = await uploads.begin({ ...file, length: 10 });
  await assert.rejects(uploads.take(upload.id, 0, body(10)), withCode('E_CASE_CLOSED'));
  assert.equal(await uploads.find(upload.id), undefined);
  assert.equal(files().length, before);
  assert.deepEqual(drafts(), []);
});

test('what passes at the end costs nothing: who asks again finds an asset', async () => {
  let away = true;
  const uploads = newUploads({
    record: async (tx, { assetId }, stored) => {
      if (away) throw new Error('Connection terminated unexpectedly');
      await recordAsset(tx, assetId, stored, { caseId });
    },
  });
  const bytes = randomBytes(700_001);
  const upload = await uploads.begin({ ...file, length: bytes.length });
  await assert.rejects(uploads.take(upload.id, 0, body(bytes)), /terminated/);
  await assert.rejects(uploads.ask(upload.id), /terminated/);
  away = false;
  const told = await uploads.ask(upload.id);
  assert.deepEqual([told.stored, told.offset], [true, bytes.length]);
  assert.equal((await vault.verify(upload.id)).sha256, sha256(bytes));
  assert.deepEqual(drafts(), []);
});

test('another process goes on, also after the master key was rotated; the one before is shut out', async () => {
  const bytes = randomBytes(3_000_000);
  const first = newUploads();
  const { id } = await first.begin({ ...file, length: bytes.length });
  await first.take(id, 0, body(bytes.subarray(0, 1_000_000)));
  const counts = await rotateMasterKey(db, masterKey, [wrappedDraftKeys]);
  assert.equal(counts.get('uploads'), 1);
  const second = newUploads();
  assert.equal((await second.ask(id)).offset, 1_000_000);
  await assert.rejects(first.take(id, 1_000_000, body(5)), withCode('E_UPLOAD_ENDED'));
  await second.take(id, 1_000_000, body(bytes.subarray(1_000_000, 1_000_003)));
  await second.close();
  await assert.rejects(second.take(id, 1_000_003, body(5)), withCode('E_UNAVAILABLE'));
  const third = newUploads();
  assert.ok((await third.take(id, 1_000_003, body(bytes.subarray(1_000_003)))).stored);
  assert.deepEqual(await vault.verify(id), { sha256: sha256(bytes), bytes: bytes.length });
  const told = await newUploads().ask(id);
  assert.deepEqual(
    [told.stored, told.offset],
    [true, bytes.length],
    'who lost the last answer learns it later',
  );
  await assert.rejects(newUploads().terminate(id), withCode('E_UPLOAD_DONE'));
  const part = await vault.open(id, { start: 999_990, end: 1_000_010 });
  assert.deepEqual(Buffer.concat(await part.toArray()), bytes.subarray(999_990, 1_000_010));
});

/** An upload that a process began and left. */
async function left(bytes: number): Promise<{ readonly id: string; readonly path: string }> {
  const first = newUploads();
  const { id } = await first.begin({ ...file, length: 3_000_000 });
  await first.take(id, 0, body(bytes));
  await first.close();
  return { id, path: join(folder, drafts()[0] ?? '') };
}

test('an upload whose file was cut has ended, and nothing of it is left', async () => {
  const { id, path } = await left(1_000_000);
  truncateSync(path, SEALED_CHUNK_BYTES);
  const second = newUploads();
  await assert.rejects(second.ask(id), withCode('E_UPLOAD_ENDED'));
  assert.equal(await second.find(id), undefined);
  assert.deepEqual(drafts(), []);
});

test('one whose file was changed, or is gone, never becomes an asset', async () => {
  const changed = await left(1_000_000);
  const sealed = readFileSync(changed.path);
  sealed.writeUInt8(sealed.readUInt8(70_000) ^ 1, 70_000);
  writeFileSync(changed.path, sealed);
  const second = newUploads();
  const rest = body(2_000_000);
  await assert.rejects(second.take(changed.id, 1_000_000, rest), withCode('E_VAULT_DAMAGED'));
  assert.equal(await second.find(changed.id), undefined);
  const lost = await left(1_000_000);
  rmSync(lost.path);
  await assert.rejects(second.ask(lost.id), withCode('E_UPLOAD_ENDED'));
  await second.terminate(lost.id);
  assert.deepEqual(drafts(), []);
});

test('so many open uploads are held and no more, until some end; one that rests gives way to a new one of the same person', async () => {
  let at = Date.now();
  const uploads = newUploads({ now: () => new Date(at) });
  const people = Array.from({ length: 11 }, () => randomUUID());
  const rows = Array.from({ length: 199 }, (_, index) => ({
    ...{ id: randomUUID(), case_id: caseId, person_id: people[index % 10] ?? '', name: 'a', metadata: '' },
    ...{ length: 10, received: 0, object: randomUUID(), keys: null, tail: null, opened: 0 },
    expires_at: new Date(at + 24 * hour + index),
  }));
  await db.insertInto('uploads').values(rows).execute();
  await uploads.begin({ ...file, by: people[9] ?? '', length: 10 });
  const more = { ...file, by: people[10] ?? '', length: 10 };
  await assert.rejects(uploads.begin(more), withCode('E_UPLOADS_OPEN'));
  const own = { ...more, by: people[0] ?? '' };
  await assert.rejects(uploads.begin(own), withCode('E_UPLOADS_OPEN'));
  at += 2 * hour;
  await assert.rejects(uploads.begin(more), withCode('E_UPLOADS_OPEN'));
  await uploads.begin(own);
  const left = await db.selectFrom('uploads').select('id').where('person_id', '=', own.by).execute();
  assert.deepEqual([left.length, left.some(({ id }) => id === rows[0]?.id)], [20, false]);
  at += 25 * hour;
  await uploads.begin(more);
  await uploads.close();
  await assert.rejects(uploads.begin(more), withCode('E_UNAVAILABLE'));
});
