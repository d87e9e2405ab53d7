import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { person, recordAsset, testVault } from '../../../test/platform/vault-parts.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { platformSchema } from '../migrations/index.ts';
import { Uploads } from './uploads.ts';

const server = await startTestServer();
const { db } = await server.database(platformSchema);
const { vault, caseId, files } = await testVault(db);

function newUploads(idleSeconds?: number): Uploads {
  const uploads = new Uploads({
    vault,
    maxBytes: 1000,
    now: () => new Date(),
    record: (tx, { assetId }, stored) => recordAsset(tx, assetId, stored, { caseId }),
    ...(idleSeconds === undefined ? {} : { idleSeconds }),
  });
  after(() => uploads.close());
  return uploads;
}

const file = { caseId, name: 'clip.mp4', by: person, metadata: '' };
const body = (bytes: number): Readable => Readable.from([Buffer.alloc(bytes)], { objectMode: false });
const withCode = (code: string) => (error: unknown) =>
  error instanceof TidewaiterError && error.code === code;

test('an upload that nothing comes for ends and leaves nothing; one that is sent to lives on', async () => {
  const uploads = newUploads(0.4);
  const forgotten = await uploads.begin({ ...file, length: 10 });
  const kept = await uploads.begin({ ...file, length: 10 });
  const slow = new Readable({ read: () => undefined });
  slow.push(Buffer.alloc(1));
  const taking = uploads.take(kept.id, 0, slow);
  await sleep(800);
  assert.equal(uploads.find(forgotten.id), undefined);
  await assert.rejects(uploads.take(forgotten.id, 0, body(1)), withCode('E_UPLOAD_ENDED'));
  slow.push(null);
  assert.equal((await taking).offset, 1);
  assert.ok((await uploads.take(kept.id, 1, body(9))).stored);
  assert.equal(files().length, 1, 'the one that was finished');
  await sleep(600);
  assert.equal(uploads.find(kept.id), undefined, 'finished ones are forgotten too');
  assert.equal((await vault.verify(kept.id)).bytes, 10);
});

test('a case or vault that refuses at the end is told to who sent the last byte', async () => {
  const uploads = new Uploads({
    vault,
    maxBytes: 1000,
    now: () => new Date(),
    record: () => Promise.reject(new TidewaiterError('E_CASE_CLOSED', 'Closed', 'Open it.')),
  });
  const before = files().length;
  const upload = await uploads.begin({ ...file, length: 10 });
  await assert.rejects(uploads.take(upload.id, 0, body(10)), withCode('E_CASE_CLOSED'));
  assert.equal(uploads.find(upload.id), undefined);
  assert.equal(files().length, before);
});

test('a process holds so many open uploads and no more, until some end', async () => {
  const uploads = newUploads();
  const people = Array.from({ length: 11 }, () => randomUUID());
  for (let count = 0; count < 200; count++)
    await uploads.begin({ ...file, by: people[count % 10] ?? '', length: 10 });
  const more = { ...file, by: people[10] ?? '', length: 10 };
  await assert.rejects(uploads.begin(more), withCode('E_UPLOADS_OPEN'));
  await uploads.close();
  await assert.rejects(uploads.begin(more), withCode('E_UPLOAD_ENDED'));
});
