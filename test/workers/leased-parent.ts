import { generateKeyPairSync } from 'node:crypto';
import { signLease } from '../../src/core/permit.ts';
import { publicKeyPem } from '../../src/core/signing-key.ts';
import { runChild } from '../../src/host/run-child.ts';
import type { Trick } from './tricks.ts';

/** A parent that leases to a worker whose main thread never comes to rest, and is stopped from outside. Prints the worker's id. */
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const claims = {
  ...{ id: 'p', issuer: 'x', use: 'x', purpose: 'x', site: 'x', notBefore: new Date().toISOString() },
  ...{ expires: new Date(Date.now() + 3_600_000).toISOString() },
  models: [{ id: 'm', digest: 'ab'.repeat(32), threshold: [0, 1] as [number, number] }],
};
const renew = () => Promise.resolve(signLease(claims, { now: new Date(), privateKey }));
const source = { permit: await renew(), publicKey: publicKeyPem(publicKey), purpose: 'x', site: 'x', renew };
await runChild<Trick, unknown, number>({
  entry: new URL('./tricks.ts', import.meta.url),
  params: { trick: 'spin' },
  onMessage: (pid) => void process.stdout.write(`${pid}\n`),
  memoryLimitBytes: 512 << 20,
  stallSeconds: 60,
  permit: source,
});
