import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connectS3, type S3Settings } from '../../../src/platform/vault/s3/connect.ts';
import { s3Store } from '../../../src/platform/vault/s3/s3-store.ts';
import type { TestStore } from '../vault-parts.ts';
import type { Faults, ServerTask } from './server.ts';

const program = fileURLToPath(new URL('./server.ts', import.meta.url));
/** What s3rver lets in. */
export const keys = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
const bucket = 'objects';

/** A bucket of s3rver, in a process and a folder of its own that go with the tests of this file. */
export interface TestBucket {
  readonly settings: S3Settings;
  /** Variables that make a server keep its vault there. */
  readonly environment: Record<string, string>;
  /** Where s3rver keeps it. */
  readonly folder: string;
  /** Where s3rver keeps an object. */
  pathOf(name: string): string;
  /** Objects and parts of unfinished ones. */
  files(): string[];
  /** Makes the next requests go wrong. */
  tell(faults: Faults): void;
  /** The store goes away, and comes back at the same address. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

/** The same as the store of a vault for tests. */
export async function bucketStore(): Promise<TestStore> {
  const { settings, folder, pathOf, files } = await startBucket();
  return { objects: s3Store(await connectS3(settings, 50e9)), folder, pathOf, files };
}

export interface BucketOptions extends Partial<Pick<ServerTask, 'complete'>> {
  /** What all keys begin with; must end with a slash. */
  readonly prefix?: string;
}

export async function startBucket({
  complete = true,
  prefix = 'vault/',
}: BucketOptions = {}): Promise<TestBucket> {
  const directory = mkdtempSync(join(tmpdir(), 'tidewaiter-s3-'));
  let [child, port]: [ChildProcess | undefined, number] = [undefined, 0];
  const start = async (): Promise<void> => {
    const task: ServerTask = { directory, bucket, port, complete };
    child = fork(program, [JSON.stringify(task)]);
    [port] = (await once(child, 'message')) as [number];
    // It goes when this process does.
    child.unref();
    child.channel?.unref();
  };
  const stop = async (): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  after(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });
  await start();
  Object.assign(process.env, keys);
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = join(directory, bucket);
  return {
    settings: { bucket, endpoint, region: 'us-east-1', prefix, machineRole: false },
    environment: {
      ...keys,
      TIDEWAITER_S3_BUCKET: bucket,
      TIDEWAITER_S3_ENDPOINT: endpoint,
      TIDEWAITER_S3_PREFIX: prefix,
    },
    folder,
    pathOf: (name) => join(folder, `${prefix}${name}._S3rver_object`),
    files: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /(_object|^\d+)$/.test(entry.name))
        .map(({ name }) => name),
    tell: (faults) => void child?.send(faults),
    goAway: stop,
    comeBack: start,
  };
}
