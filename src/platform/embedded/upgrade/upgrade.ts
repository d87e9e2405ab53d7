import { chown, mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { TidewaiterError } from '../../../core/errors.ts';
import { NAME, openAccess } from '../access.ts';
import type { Account } from '../account.ts';
import { chooseAddress, clearAddress, type Address } from '../address.ts';
import { readSecrets, SUPERUSER, type Fill, type Maker, type Secrets } from '../cluster.ts';
import { clearTheWay, launch, type ServerPlan } from '../postmaster.ts';
import { failedUpgrade, moveDatabase } from './move.ts';

/** Only the superuser gets in while rows move: a program of the product that found this server would write what gets lost. */
const CLOSED = ['local', 'host']
  .map((kind) => `${kind} all ${SUPERUSER} ${kind === 'host' ? '127.0.0.1/32 ' : ''}scram-sha-256\n`)
  .join('');

export interface OldCluster extends Maker {
  /** Its folder. */
  readonly old: string;
  readonly major: number;
  /** The program of its version. */
  readonly postgres: string;
}

/**
 * Fills a new cluster with all that one of an older major version holds: both servers run for that time, each with its own
 * programs. The old one is only read. Whatever breaks it off leaves the old one as it was and the new one without its name, so
 * that the next start begins anew.
 * @throws TidewaiterError `E_DATABASE_UPGRADE` when both are not the same afterwards, or the disk is too small.
 */
export function fillFromOld({ old, major, postgres, binaries, account, log, abort }: OldCluster): Fill {
  return async ({ data, secrets, work }) => {
    log(`Upgrading PostgreSQL ${major} to ${binaries.major}; the old database stays as it is`);
    const folders = ['old', 'new', 'rows'].map((name) => join(work, name));
    const [beside = work, under = work, rows = work] = folders;
    for (const folder of folders) await lentFolder(folder, account);
    const hba = join(work, 'pg_hba.conf');
    await writeFile(hba, CLOSED, { mode: 0o644 });
    const common = { account, log };
    const from: ServerPlan = {
      ...common,
      data: old,
      binaries: { postgres },
      address: await chooseAddress(beside),
      settings: [`hba_file=${hba}`, 'autovacuum=off', 'default_transaction_read_only=on'],
    };
    const to: ServerPlan = { ...common, data, binaries, address: await chooseAddress(under) };
    const oldSecrets = await readSecrets(old);
    try {
      await running(from, abort, async () =>
        running(to, abort, async () => {
          await openAccess(to.address, secrets);
          await move({ from, oldSecrets, to, secrets, rows, log });
        }),
      );
    } catch (error) {
      if (error instanceof TidewaiterError) throw error;
      throw failedUpgrade(error instanceof Error ? error.message : String(error), { cause: error });
    }
  };
}

async function running(plan: ServerPlan, abort: AbortSignal, work: () => Promise<void>): Promise<void> {
  await clearTheWay(plan.data, plan.log);
  await clearAddress(plan.address, plan.account);
  const server = await launch(plan, abort);
  // Whatever asks it meanwhile fails.
  const stop = (): void => void server.stop();
  abort.addEventListener('abort', stop);
  try {
    abort.throwIfAborted();
    await work();
  } finally {
    abort.removeEventListener('abort', stop);
    await server.stop();
  }
}

async function move(parts: {
  readonly from: ServerPlan;
  readonly oldSecrets: Secrets;
  readonly to: ServerPlan;
  readonly secrets: Secrets;
  readonly rows: string;
  readonly log: (line: string) => void;
}): Promise<void> {
  const { rows: folder, log } = parts;
  const clients: pg.Client[] = [];
  const connect = async (address: Address, secrets: Secrets, database: string): Promise<pg.Client> => {
    const client = new pg.Client({ ...address, user: SUPERUSER, password: secrets.superuser, database });
    // A server that dies between two queries would otherwise end the process; the next query reports it.
    client.on('error', () => undefined);
    clients.push(client);
    await client.connect();
    return client;
  };
  try {
    const all = await connect(parts.from.address, parts.oldSecrets, 'postgres');
    const found = await all.query<{ size: string }>(
      'select pg_database_size(oid) as size from pg_database where datname = $1',
      [NAME],
    );
    const [database] = found.rows;
    // The first start of the old one was broken off before there was anything.
    if (database === undefined) return;
    await checkRoom(folder, Number(database.size));
    await moveDatabase({
      from: await connect(parts.from.address, parts.oldSecrets, NAME),
      to: await connect(parts.to.address, parts.secrets, NAME),
      owner: NAME,
      folder,
      log,
    });
  } finally {
    for (const client of clients) await client.end().catch(() => undefined);
  }
}

/** The new one, and the rows of one table on their way. */
async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const [needed, free] = [2 * bytes, bavail * bsize].map((one) => Math.ceil(one / 2 ** 20));
  if ((free ?? 0) < (needed ?? 0))
    throw failedUpgrade(`${needed} MiB are needed on the disk, and ${free} MiB are free`);
}

async function lentFolder(path: string, account: Account | undefined): Promise<void> {
  await mkdir(path, 0o700);
  if (account !== undefined) await chown(path, account.uid, account.gid);
}
