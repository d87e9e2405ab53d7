import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Settings } from '../platform/settings/settings.ts';
import { ServiceRunner } from '../platform/services/runner.ts';
import { TidewaiterError } from '../core/errors.ts';
import { edgePlatform, type EdgeOptions } from '../uses/watch/edge/edge-platform.ts';
import { keepLink, type LinkState } from '../uses/watch/edge/link.ts';
import { watchCamera } from '../uses/watch/live.ts';
import { watchServices } from '../uses/watch/platform/services.ts';
import { faultInWords } from './fault-words.ts';
import type { Log } from './log.ts';
import { openPlatform, type OpenPlatform } from './open-platform.ts';

export interface WorkCamerasOptions extends EdgeOptions {
  readonly settings: Settings;
  readonly log: Log;
  /** Aborted to stop. */
  readonly signal: AbortSignal;
  /** Only cameras of these sites; of all when there are none. */
  readonly sites: readonly string[];
  readonly onLink: (state: LinkState) => void | Promise<void>;
}

/** Cameras that a core bears at most. */
const CAMERAS_PER_CORE = 16;
/** The pool closes what rests for ten seconds: a connection that is older and silent waits for an answer. */
const SILENT_MS = 12_000;
const RETRY_MS = 2_000;
const CLOSE_MS = 3_000;

/**
 * Watches cameras beside them, over a link to the platform that comes and goes: takes up no jobs and nothing else. What was
 * seen lies on this machine's disk until the platform has it.
 * @returns false when connections that the link has swallowed are left over, which keep this process for minutes.
 * @throws TidewaiterError as `openPlatform`; a platform that cannot be reached is waited for.
 */
export async function workCameras(options: WorkCamerasOptions): Promise<boolean> {
  const { settings, log, signal, sites, onLink } = options;
  const opened = await openOverLink(options);
  if (opened === undefined) return true;
  const platform = edgePlatform(opened, options);
  const { camera } = watchServices(() => platform, watchCamera);
  const { concurrency, name } = camera;
  const services = ServiceRunner.start({
    connection: platform.connection,
    kinds: [camera],
    takes: Object.fromEntries(
      (sites.length === 0 ? [name] : sites.map((site) => `${name}@${site}`)).map((what) => [
        what,
        concurrency,
      ]),
    ),
    capacity: CAMERAS_PER_CORE * availableParallelism(),
    onError: (error) => log(`services: ${faultInWords(error)}`, 'error'),
  });
  try {
    await keepLink(platform, signal, onLink);
  } finally {
    await services.stop(settings.jobs.stopSeconds);
  }
  return Promise.race([platform.close().then(() => true), sleep(CLOSE_MS, false, { ref: false })]);
}

/** @returns undefined when it was told to stop before the platform was reached. */
async function openOverLink({
  settings,
  log,
  signal,
  onLink,
}: WorkCamerasOptions): Promise<OpenPlatform | undefined> {
  const since = Date.now();
  const host = URL.parse(settings.database.url ?? '')?.host ?? '';
  let told = '';
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      return await openPlatform({
        settings,
        database: 'join',
        silentMs: SILENT_MS,
        log,
        onFailed: () => undefined,
      });
    } catch (error) {
      if (!isAway(error)) throw error;
      if (tries === 0) await onLink({ link: 'away', since, waitingBytes: 0 });
      const why = `waiting for the database of the platform at ${host}: ${faultInWords(error)}`;
      if (why !== told) log(why, 'error');
      told = why;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** Whether nobody answered, or a database that is starting, stopping or full: everything else does not end by itself. */
function isAway(error: unknown): boolean {
  if (error instanceof TidewaiterError) return error.code === 'E_DATABASE_CONNECT' && isAway(error.cause);
  if (!(error instanceof pg.DatabaseError)) return error !== undefined && !isOurs(error);
  return error.code?.startsWith('57') === true || error.code?.startsWith('53') === true;
}

/** A file for TLS that is not there, or TLS that the database does not speak: no link mends that. */
function isOurs(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('syscall' in error && error.syscall === 'open') || /does not support SSL/.test(error.message);
}
