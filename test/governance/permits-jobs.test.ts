import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { homedir } from 'node:os';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { recordTest, recordTraining } from '../../src/governance/permits/evidence.ts';
import { issuePermit } from '../../src/governance/permits/issue.ts';
import { offices } from '../../src/governance/permits/offices.ts';
import { register, signOff } from '../../src/governance/permits/registrations.ts';
import { defaultCacheDir, findModel } from '../../src/models/index.ts';
import { charter } from '../../src/uses/redaction/charter.ts';
import { needs, pedestrianClip } from '../needs.ts';
import { ask, newSession, openHouse } from '../platform/attack/house.ts';
import { DAY_MS, deployed, openOffice } from './permit-office.ts';

const photograph = fileURLToPath(
  new URL('../../node_modules/@vladmandic/face-api/demo/sample2.jpg', import.meta.url),
);
const house = await openHouse();
const { platform } = house;
const { db, keys, jobs, vault } = platform;

/** What takes a moment to redact, and what takes longer than any lease. */
const files = {
  photograph: { path: photograph, name: 'yard.jpg', type: 'image/jpeg' },
  clip: { path: pedestrianClip, name: 'yard.avi', type: 'video/x-msvideo' },
};

async function newAsset(
  by: string,
  { path, name, type }: (typeof files)[keyof typeof files],
): Promise<{ asset: string; caseId: string }> {
  const [caseId, asset] = [randomUUID(), randomUUID()];
  const owned = { site_id: 'pier', use: 'redaction' };
  await db
    .insertInto('cases')
    .values({ id: caseId, ...owned, title: 'A case', owner_id: by, state: 'open' })
    .execute();
  await vault.put(asset, createReadStream(path), { maxBytes: 1e8 }, async (tx, { bytes, sha256 }) => {
    await tx
      .insertInto('assets')
      .values({
        ...{ id: asset, site_id: 'pier', case_id: caseId, name, media_type: type },
        ...{ bytes, sha256, derived_from: null, role: 'original', retention: 'case', legal_hold: false },
        created_by: by,
      })
      .execute();
  });
  return { asset, caseId };
}

async function redacted(by: string, file = files.photograph, whileRunning?: () => Promise<void>) {
  const { asset, caseId } = await newAsset(by, file);
  const kind = platform.kinds.get('redaction.redact') ?? assert.fail('there is no such kind');
  const input = { asset, profile: 'fast' };
  const id = await db
    .transaction()
    .execute((tx) => jobs.enqueue(tx, { kind, siteId: 'pier', caseId, input, by }));
  for (;;) {
    const job = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    if (job.finished_at !== null) return job;
    if (job.progress !== null && whileRunning !== undefined) {
      await whileRunning();
      whileRunning = undefined;
    }
    await sleep(50);
  }
}

async function textOf(asset: string): Promise<string> {
  const { id } = await db.selectFrom('assets').select('id').where('id', '=', asset).executeTakeFirstOrThrow();
  const pieces: Uint8Array[] = [];
  for await (const piece of await vault.open(id)) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces).toString('utf8');
}

test('a redaction runs for evaluation, then under a permit, and not once its button was pressed', async (t) => {
  if (!needs(t, 'opencv-doc')) return;
  const office = await openOffice(db, keys);
  const { people, now } = office;
  await jobs.work();
  const trial = await redacted(people.officer);
  assert.equal(trial.state, 'done', JSON.stringify(trial.error));
  const recordOf = async ({ result }: { result: object | null }): Promise<Record<string, unknown>> =>
    JSON.parse(await textOf((result as { record: string }).record)) as Record<string, unknown>;
  assert.equal((await recordOf(trial))['stamp'], 'EVALUATION');

  const places = { cacheDir: defaultCacheDir(process.env, homedir()) };
  const models = await Promise.all(
    charter.models.map(async ({ id }) => ({
      ...{ id, digest: (await findModel(id, places)).card.digest },
      threshold: [0, 1] as [number, number],
    })),
  );
  const registration = await register(platform, {
    ...{ charter: deployed(charter), purposes: ['redaction'], models, by: people.author, now: now() },
  });
  for (const which of offices)
    await signOff(platform, {
      ...{ registration, office: which, verdict: 'signed', reason: 'read and agreed' },
      ...{ by: people[which], now: now() },
    });
  const unpermitted = await redacted(people.officer);
  assert.deepEqual([unpermitted.state, unpermitted.error?.code], ['failed', 'E_PERMIT_MISSING']);

  const expires = new Date(now().getTime() + 100 * DAY_MS);
  const lasting = { by: people.caio, now: now(), expires };
  for (const { digest: modelDigest } of models) {
    const tested = { kind: 'recall', modelDigest, reportDigest: '0'.repeat(64), testedAt: now() };
    await recordTest(platform, { use: 'redaction', passed: true, ...tested, ...lasting });
  }
  const training = { personId: people.officer, use: 'redaction', module: 'basics', completedAt: now() };
  await recordTraining(platform, { ...training, ...lasting });
  const permit = await issuePermit(platform, {
    ...{ registration, site: 'pier', purpose: 'redaction', ...lasting },
  });
  const done = await redacted(people.officer);
  assert.equal(done.state, 'done', JSON.stringify(done.error));
  const record = await recordOf(done);
  assert.equal(record['stamp'], undefined);
  assert.deepEqual(record['permit'], {
    ...{ kind: 'signed', id: permit.claims.id, issuer: permit.claims.issuer, purpose: 'redaction' },
    ...{ site: 'pier', expires: permit.claims.expires },
  });

  const headers = await newSession(house, people.privacy);
  const stopped = await redacted(people.officer, files.clip, async () => {
    const path = '/api/v1/governance/uses/redaction/suspend';
    const reply = await ask(house, { method: 'POST', path, headers, body: { reason: 'stop it' } });
    assert.equal(reply.status, 201, reply.text);
  });
  assert.deepEqual([stopped.state, stopped.error?.code], ['failed', 'E_PERMIT_SUSPENDED']);
});
