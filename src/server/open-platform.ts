import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { enforcedPolicies, policiesAsTheyAre } from '../governance/charters/enforced.ts';
import { PermitGate } from '../governance/permits/gate.ts';
import { openEvidenceSeals } from '../governance/permits/seals.ts';
import { startEmbedded, type EmbeddedServer } from '../platform/embedded/start.ts';
import { Jobs } from '../platform/jobs/jobs.ts';
import type { JobKind } from '../platform/jobs/kind.ts';
import type { PeopleSettings } from '../platform/people/settings.ts';
import type { Platform, PlatformKeys } from '../platform/platform.ts';
import { proxyJob } from '../platform/proxies/job.ts';
import { openSecretBox } from '../platform/secrets/secret-box.ts';
import { openMasterKey } from '../platform/secrets/file-master-key.ts';
import { kindUnder, signingKey, verifyKeys } from '../platform/secrets/signing-keys.ts';
import type { Settings } from '../platform/settings/settings.ts';
import { openDatabase, type Connection, type PoolOptions } from '../platform/store/database.ts';
import { checkDatabaseServer } from '../platform/store/server-check.ts';
import { migrate } from '../platform/store/migrate.ts';
import { openObjectStore } from '../platform/vault/open-store.ts';
import { createVault } from '../platform/vault/vault.ts';
import { webhookJob } from '../platform/webhooks/deliveries.ts';
import { useFindings, useJobs, useNames, wholeSchema } from '../uses/platform.ts';
import { settleRestore } from './backup/unfinished.ts';
import { faultInWords } from './fault-words.ts';
import { databaseFolder, findDatabase } from './find-database.ts';
import type { Log } from './log.ts';

export interface OpenOptions extends PoolOptions {
  readonly settings: Settings;
  /** Run the database, if it is ours to run; else join one that runs. */
  readonly database: 'run' | 'join';
  readonly log: Log;
  /** Told when the database died and could not be brought back: nothing works without it. */
  readonly onFailed: (error: TidewaiterError) => void;
  /** Aborted to break off the opening, which throws then. */
  readonly signal?: AbortSignal;
}

/** The platform, and how to close it. */
export interface OpenPlatform extends Platform {
  /** Of the database, for who needs one apart from the pool. */
  readonly connection: Connection;
  close(): Promise<void>;
}

/**
 * Opens database, vault, keys and queue, and brings the schema up to date.
 * @throws TidewaiterError what these throw; nothing stays open then.
 */
export async function openPlatform(options: OpenOptions): Promise<OpenPlatform> {
  const { settings, log, signal } = options;
  await makeDataFolder(settings.data);
  await settleRestore(settings, log);
  // What cannot be read is said now, and not only when somebody asks for a permit.
  await enforcedPolicies(settings.policies);
  const closing: (() => Promise<void>)[] = [];
  let closed = false;
  /** Connections that the server ends while all is closed are no fault. */
  const tell = (what: string) => (error: unknown) => {
    if (!closed) log(`${what}: ${faultInWords(error)}`, 'error');
  };
  const close = async (): Promise<void> => {
    closed = true;
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const { connection, server } = await connectionOf(options);
    if (server !== undefined) closing.push(() => server.stop());
    const db = openDatabase(
      { ...connection, connections: settings.database.connections },
      tell('database'),
      options.silentMs === undefined ? {} : { silentMs: options.silentMs },
    );
    closing.push(() => db.destroy());
    signal?.throwIfAborted();
    await checkDatabaseServer(db);
    const steps = await migrate(db, wholeSchema);
    for (const step of steps) log(`schema: ${step}`);
    signal?.throwIfAborted();
    const masterKey = await openMasterKey(settings.data);
    const vault = createVault({ db, masterKey, objects: await openObjectStore(settings) });
    const late: { platform?: OpenPlatform } = {};
    const opened = (): Platform => {
      if (late.platform === undefined) throw new TypeError('a job ran before the platform was open');
      return late.platform;
    };
    const kinds = [webhookJob(opened), proxyJob(opened), ...useJobs(settings, opened)];
    const keys: PlatformKeys = {
      signing: (purpose) => signingKey(db, masterKey, purpose, kindUnder(settings.cryptography)),
      verifying: (purpose) => verifyKeys(db, masterKey, purpose),
      seals: await openEvidenceSeals(db, masterKey, new Date()),
    };
    const gate = new PermitGate({
      ...{ db, keys, mode: settings.governance, now: () => opened().now() },
      policies: policiesAsTheyAre(settings.policies),
    });
    const jobs = await Jobs.start({
      connection,
      db,
      kinds,
      beforeStart: (job) => gate.admit(job),
      onError: tell('queue'),
    });
    closing.push(() => jobs.stop(settings.jobs.stopSeconds));
    signal?.throwIfAborted();
    const platform: OpenPlatform = {
      settings,
      people: peopleSettings(settings),
      secrets: await openSecretBox(db, masterKey, 'people'),
      keys,
      db,
      vault,
      jobs,
      kinds: new Map(kinds.map((kind): [string, JobKind] => [kind.queue, kind])),
      uses: useNames,
      ownFindings: useFindings,
      connection,
      now: () => new Date(),
      close,
    };
    late.platform = platform;
    return platform;
  } catch (error) {
    await close();
    throw error;
  }
}

// As root, the database runs as a user of its own, who must get through to its folder; others see nothing of the rest.
async function makeDataFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why: Readonly<Record<string, string>> = {
      EEXIST: 'it is a file',
      ENOTDIR: 'a file stands where a folder above it should',
      EACCES: 'this account may not write there',
      EROFS: 'it lies on a disk that can only be read',
    };
    const code = systemCode(error) ?? '';
    if (code === 'ENOSPC' || code === 'EDQUOT') throw error;
    throw new TidewaiterError(
      'E_DATA_FOLDER',
      `The data folder ${path} cannot be used: ${why[code] ?? `the system refuses it (${code})`}`,
      'Choose a folder of your own: TIDEWAITER_DATA, or data in the settings.',
      { cause: error },
    );
  }
}

async function connectionOf({
  settings,
  database: how,
  log,
  onFailed,
  signal,
}: OpenOptions): Promise<{ readonly connection: Connection; readonly server?: EmbeddedServer }> {
  const { data, database } = settings;
  if (how === 'run' && database.url === undefined) {
    const folder = databaseFolder(settings);
    const server = await startEmbedded({ folder, oldPrograms: database.oldPrograms, log, onFailed, signal });
    return { connection: server.connection, server };
  }
  const connection = await findDatabase(settings, signal);
  if (connection !== undefined) return { connection };
  throw new TidewaiterError(
    'E_DATABASE_STOPPED',
    `No server runs on ${data}`,
    'Start it with npm start, or give TIDEWAITER_DATABASE_URL.',
  );
}

function peopleSettings({ sessions, cryptography }: Settings): PeopleSettings {
  const { idleMinutes, hours, banner } = sessions;
  return {
    fips: cryptography === 'fips',
    idleMinutes,
    sessionHours: hours,
    ...(banner === '' ? {} : { banner }),
  };
}
