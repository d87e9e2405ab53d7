import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { signLease, signPermit, type Permit, type PermitClaims } from '../../src/core/permit.ts';
import { publicKeyPem } from '../../src/core/signing-key.ts';
import { suspend } from '../../src/governance/permits/suspensions.ts';
import type { PermitSource } from '../../src/host/permit-source.ts';
import { runChild } from '../../src/host/run-child.ts';
import { openDatabase } from '../../src/platform/store/database.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import type { Trick } from '../workers/tricks.ts';
import { modelDigest, openOffice } from './permit-office.ts';

const server = await startTestServer();
const entry = new URL('../workers/tricks.ts', import.meta.url);
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** A worker deep in a loop: it can hear of nothing by itself. */
async function spin(permit: PermitSource, onPid: (pid: number) => void, stallSeconds = 60): Promise<void> {
  await runChild<Trick, unknown, number>({
    ...{ entry, params: { trick: 'spin' }, onMessage: onPid, permit },
    ...{ memoryLimitBytes: 512 << 20, stallSeconds },
  });
}

function sourceOf(renew: () => Promise<Permit>, permit: Permit): PermitSource {
  return { permit, publicKey: publicKeyPem(publicKey), purpose: 'release', site: 'pier', renew };
}

const claims: PermitClaims = {
  ...{ id: 'p', issuer: 'x', use: 'lanes', purpose: 'release', site: 'pier' },
  models: [{ id: 'm', digest: modelDigest, threshold: [0, 1] }],
  ...{ notBefore: '2026-01-01T00:00:00Z', expires: '2126-01-01T00:00:00Z' },
};
const lease = (key = privateKey): Permit => signLease(claims, { now: new Date(), privateKey: key });

function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  while (alive(pid)) await sleep(50);
}

describe('a worker under a lease', { concurrency: true }, () => {
  test('is ended when its use is suspended', async () => {
    const office = await openOffice((await server.database(wholeSchema)).db);
    await office.issued(await office.approved('lanes'));
    const wanted = { use: 'lanes', purpose: 'release', site: 'pier', person: office.people.officer };
    const pid = Promise.withResolvers<number>();
    const work = spin(await office.gate.open(wanted), pid.resolve);
    const ended = assert.rejects(work, { code: 'E_PERMIT_SUSPENDED' });
    assert.ok(alive(await pid.promise));
    const why = { cause: 'incident', reason: 'it went wrong', by: office.people.privacy } as const;
    await office.db.transaction().execute((tx) => suspend(tx, { use: 'lanes', ...why, now: office.now() }));
    await ended;
    await gone(await pid.promise);
  });

  test('is ended when the store no longer answers', async () => {
    const { connection } = await server.database(wholeSchema);
    const db = openDatabase(connection, () => undefined);
    const office = await openOffice(db);
    await office.issued(await office.approved('lanes'));
    const wanted = { use: 'lanes', purpose: 'release', site: 'pier', person: office.people.officer };
    const work = spin(await office.gate.open(wanted), () => void db.destroy());
    await assert.rejects(work, (error: { code?: string }) => {
      assert.ok(['E_PERMIT_STORE', 'E_WORKER_DIED'].includes(error.code ?? ''));
      return true;
    });
  });

  test('goes on for as long as it is renewed, however deep in its work', async () => {
    const renew = (): Promise<Permit> => Promise.resolve(lease());
    await assert.rejects(
      spin(sourceOf(renew, lease()), () => undefined, 8),
      { code: 'E_STALLED' },
    );
  });

  test('takes no lease of another key, none again, and none that lasts longer than leases do', async () => {
    const other = generateKeyPairSync('ed25519').privateKey;
    const old = lease();
    const wrongs = [
      () => lease(other),
      () => old,
      () => signPermit({ ...claims, notBefore: new Date().toISOString() }, privateKey),
      () => signLease({ ...claims, id: 'another' }, { now: new Date(), privateKey }),
    ];
    const each = wrongs.map(async (wrong) => {
      let first: Permit | undefined = lease();
      const renew = (): Promise<Permit> => {
        const given = first ?? wrong();
        first = undefined;
        return Promise.resolve(given);
      };
      await assert.rejects(
        spin(sourceOf(renew, lease()), () => undefined),
        {
          code: 'E_WORKER_DIED',
          message: /SIGKILL/,
        },
      );
    });
    await Promise.all(each);
  });

  test('dies by itself when its parent is stopped', async () => {
    const program = fileURLToPath(new URL('../workers/leased-parent.ts', import.meta.url));
    const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const worker = Number(line.toString());
      assert.ok(alive(worker));
      parent.kill('SIGSTOP');
      await gone(worker);
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  });
});
