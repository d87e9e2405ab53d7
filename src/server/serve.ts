import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { TidewaiterError } from '../core/errors.ts';
import { chores } from '../platform/housekeeping/chores.ts';
import { driftChore } from '../governance/drift/chore.ts';
import { redressChore } from '../governance/redress/sweep.ts';
import { keepHouse } from '../platform/housekeeping/keep-house.ts';
import { sweepWorkFolders } from '../platform/jobs/work-folders.ts';
import { firstRunCode } from '../platform/people/first-run.ts';
import { shutOutByFips } from '../platform/people/password-proof.ts';
import type { Platform } from '../platform/platform.ts';
import type { ServiceKind } from '../platform/services/kind.ts';
import { ServiceRunner } from '../platform/services/runner.ts';
import type { Settings } from '../platform/settings/settings.ts';
import { useServices } from '../uses/platform.ts';
import { CAMERA_SERVICE } from '../uses/watch/platform/camera-service.ts';
import { collectorOptions } from '../host/collector.ts';
import type { Log } from './log.ts';
import { createApp } from './app.ts';
import { faultInWords } from './fault-words.ts';
import { keepLedger } from './keep-ledger.ts';
import { followSecurity } from './syslog/follow.ts';
import { openPlatform, type OpenPlatform } from './open-platform.ts';
import { canListen, cannotListen } from './port.ts';
import { readTls } from './tls.ts';

export interface ServeOptions {
  readonly settings: Settings;
  readonly log: Log;
  /** Aborted to stop; the database dying for good stops too. */
  readonly signal: AbortSignal;
  readonly onReady: (ready: Ready) => Promise<void>;
}

/** What whoever started the server is told. */
export interface Ready {
  readonly url: string;
  /** Makes its bearer the first administrator; absent when there are people. */
  readonly firstRunCode?: string;
}

/**
 * Runs the platform until it is told to stop: database, API, jobs, services, ledger, and what it does by itself now and then.
 * Stops gracefully: no more requests are taken, running jobs get their time and go back into the queue after it, services are
 * handed to other processes, then the database is closed.
 * @throws TidewaiterError `E_LISTEN` and what else keeps it from starting, or `E_DATABASE_START` when the database died for good.
 */
export async function serve({ settings, log, signal, onReady }: ServeOptions): Promise<void> {
  // Uploads pass through in large buffers, and looking for garbage after each few of them is a third of their cost.
  for (const option of collectorOptions) setFlagsFromString(option);
  const failed = new AbortController();
  const onFailed = (error: TidewaiterError): void => failed.abort(error);
  const platform = await unlessStopped(signal, async () => {
    // What can be wrong in the settings is said before a database is made or started for them.
    await canListen(settings, signal);
    if (settings.tls !== undefined) await readTls(settings.tls);
    return openPlatform({ settings, database: 'run', log, onFailed, signal });
  });
  if (platform === undefined) return;
  const ended = new AbortController();
  const ending = AbortSignal.any([signal, failed.signal, ended.signal]);
  try {
    const app = await createApp(platform, log);
    if (signal.aborted) return;
    await app
      .listen({ host: settings.listen.host, port: settings.listen.port })
      .catch((error: unknown) => Promise.reject(cannotListen(settings, error)));
    const services = runServices(platform, log);
    const beside = [keepLedger(platform, ending, log), followSecurity(platform, log, ending)];
    try {
      await platform.jobs.work();
      tidy(platform, ending, log);
      await warnOfFips(platform, log);
      const code = await firstRunCode(platform.db, platform.now());
      if (!ending.aborted)
        await onReady({
          url: settings.publicUrl ?? ownUrl(app.server.address() as AddressInfo, settings),
          ...(code === undefined ? {} : { firstRunCode: code }),
        });
      const onError = (what: string, error: unknown): void => log(`${what}: ${faultInWords(error)}`, 'error');
      beside.push(
        keepHouse({
          db: platform.db,
          chores: [...chores(platform), driftChore(platform), redressChore(platform)],
          signal: ending,
          onError,
        }),
      );
      await aborted(ending);
    } finally {
      ended.abort();
      await app.close();
      await Promise.all([services.stop(settings.jobs.stopSeconds), ...beside]);
    }
  } finally {
    await platform.close();
  }
  failed.signal.throwIfAborted();
}

/** Takes up jobs and services beside a server that runs elsewhere, until it is told to stop. */
export async function work({ settings, log, signal }: Omit<ServeOptions, 'onReady'>): Promise<void> {
  const failed = new AbortController();
  const onFailed = (error: TidewaiterError): void => failed.abort(error);
  const platform = await unlessStopped(signal, () =>
    openPlatform({ settings, database: 'join', log, onFailed, signal }),
  );
  if (platform === undefined) return;
  const services = runServices(platform, log);
  try {
    await platform.jobs.work();
    log('taking up jobs');
    const ending = AbortSignal.any([signal, failed.signal]);
    tidy(platform, ending, log);
    await aborted(ending);
  } finally {
    await services.stop(settings.jobs.stopSeconds);
    await platform.close();
  }
}

/** @returns undefined when it was told to stop before all was open: nothing stays open then. */
async function unlessStopped<T>(signal: AbortSignal, open: () => Promise<T>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** Services that a core bears at most; each kind says besides how many of its own a process runs. */
const SERVICES_PER_CORE = 16;

function runServices(platform: OpenPlatform, log: ServeOptions['log']): ServiceRunner {
  const kinds = useServices(platform);
  return ServiceRunner.start({
    connection: platform.connection,
    kinds,
    takes: leavingCameras(kinds, platform.settings),
    capacity: SERVICES_PER_CORE * availableParallelism(),
    onError: (error) => log(`services: ${faultInWords(error)}`, 'error'),
  });
}

/** All services, but not the cameras of sites where a worker beside them has them. */
function leavingCameras(
  kinds: readonly ServiceKind[],
  { cameras: { elsewhere } }: Settings,
): Record<string, number> {
  return Object.fromEntries([
    ...kinds.map(({ name, concurrency }) => [name, concurrency] as const),
    ...elsewhere.map((site) => [`${CAMERA_SERVICE}@${site}`, 0] as const),
  ]);
}

/** Whoever switched the profile on should not learn it from people at the door. */
async function warnOfFips({ db, people }: Platform, log: ServeOptions['log']): Promise<void> {
  const shutOut = people.fips ? await shutOutByFips(db) : [];
  if (shutOut.length > 0)
    log(
      `${shutOut.length} people need a new password under the FIPS profile; tidewaiter doctor names them`,
      'error',
    );
}

/** Clears up behind processes that died, beside everything else. */
function tidy({ db, settings }: Platform, signal: AbortSignal, log: ServeOptions['log']): void {
  sweepWorkFolders(db, join(settings.data, 'work'), signal).catch((error: unknown) => {
    if (!signal.aborted) log(`folders of dead jobs: ${faultInWords(error)}`, 'error');
  });
}

function ownUrl({ port }: AddressInfo, { listen, tls }: Settings): string {
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return `${tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
