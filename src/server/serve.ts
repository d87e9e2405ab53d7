import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sweepWorkFolders } from '../platform/jobs/work-folders.ts';
import { sequence } from '../platform/ledger/ledger.ts';
import { firstRunCode } from '../platform/people/first-run.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settings } from '../platform/settings/settings.ts';
import { enqueueDeliveries } from '../platform/webhooks/deliveries.ts';
import type { Log } from './log.ts';
import { createApp } from './app.ts';
import { openPlatform } from './open-platform.ts';

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
 * Runs the platform until it is told to stop: database, API, jobs, ledger. Stops gracefully: no more requests are taken, running
 * jobs get their time and go back into the queue after it, then the database is closed.
 * @throws TidewaiterError what keeps it from starting, or `E_DATABASE_START` when the database died for good.
 */
export async function serve({ settings, log, signal, onReady }: ServeOptions): Promise<void> {
  const failed = new AbortController();
  const platform = await openPlatform({
    settings,
    database: 'run',
    log,
    onFailed: (error) => failed.abort(error),
  });
  const ending = AbortSignal.any([signal, failed.signal]);
  try {
    const app = await createApp(platform, log);
    await app.listen({ host: settings.listen.host, port: settings.listen.port });
    const sequencing = keepSequencing(platform, ending, log);
    try {
      await platform.jobs.work();
      tidy(platform, ending, log);
      const code = await firstRunCode(platform.db, platform.now());
      await onReady({
        url: settings.publicUrl ?? ownUrl(app.server.address() as AddressInfo, settings),
        ...(code === undefined ? {} : { firstRunCode: code }),
      });
      await aborted(ending);
    } finally {
      await app.close();
      await sequencing;
    }
  } finally {
    await platform.close();
  }
  failed.signal.throwIfAborted();
}

/** Takes up jobs beside a server that runs elsewhere, until it is told to stop. */
export async function work({ settings, log, signal }: Omit<ServeOptions, 'onReady'>): Promise<void> {
  const failed = new AbortController();
  const platform = await openPlatform({
    settings,
    database: 'join',
    log,
    onFailed: (error) => failed.abort(error),
  });
  try {
    await platform.jobs.work();
    log('taking up jobs');
    const ending = AbortSignal.any([signal, failed.signal]);
    tidy(platform, ending, log);
    await aborted(ending);
  } finally {
    await platform.close();
  }
}

/** Clears up behind processes that died, beside everything else. */
function tidy({ db, settings }: Platform, signal: AbortSignal, log: ServeOptions['log']): void {
  sweepWorkFolders(db, join(settings.data, 'work'), signal).catch((error: unknown) => {
    if (!signal.aborted) log(`folders of dead jobs: ${String(error)}`);
  });
}

const SEQUENCE_MS = 500;

/** Gives events of the ledger their places as they come in. */
async function keepSequencing(
  platform: Platform,
  signal: AbortSignal,
  log: ServeOptions['log'],
): Promise<void> {
  const told: Parameters<typeof sequence>[1] = (tx, events) => enqueueDeliveries(platform, tx, events);
  while (!signal.aborted) {
    const placed = await sequence(platform.db, told).catch((error: unknown) => {
      log(`ledger: ${String(error)}`, 'error');
      return 0;
    });
    if (placed === 0) await sleep(SEQUENCE_MS, undefined, { signal }).catch(() => undefined);
  }
  await sequence(platform.db, told).catch(() => undefined);
}

function ownUrl({ port }: AddressInfo, { listen, tls }: Settings): string {
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return `${tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
