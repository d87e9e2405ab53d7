import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '../../../platform/platform.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { alertId, deliver, type Report, type RunOf } from './ingest.ts';
import { keepPicture } from './pictures.ts';
import { readSpool, Spool, type Numbered } from './spool.ts';

/** A picture on its way to the vault. It is sealed on the disk too. */
interface WaitingPicture {
  readonly alert: string;
  /** Base64. */
  readonly sealed: string;
}

/** What waits for the database. */
export interface DeliveryStanding {
  /** Alerts and other reports, and pictures. */
  readonly waiting: number;
  readonly waitingPictures: number;
  /** Of both, what a full disk did not take: only memory holds it. */
  readonly notOnDisk: number;
  /** 1 when the disk did not take what was last given to it, or no file at all. */
  readonly diskRefuses: number;
  readonly spoolBytes: number;
  /** Age of the oldest, seconds; 0 when nothing waits. */
  readonly oldestSeconds: number;
  /** Pictures for which there was no room. */
  readonly lostPictures: number;
}

/** Each line says whose it is, for whoever finds it after a crash. */
type Line<Entry> = Entry & { readonly run: RunOf };

/** Alerts are a few kilobytes: a night of a busy camera fits many times. */
const REPORT_BYTES = 64e6;
const PICTURE_BYTES = 256e6;
const RETRY_MS = 500;
/** A spool that nobody wrote to for so long is that of a process that died. */
const LEFT_MS = 60_000;
const LOOK_MS = 30_000;
const pictureContext = (run: string): string => `watch-spool:${run}`;

/** Where what cameras of this machine told waits for the database. */
export const spoolFolder = ({ settings }: Platform): string => join(settings.data, 'watch', 'spool');

/**
 * Carries what a run of a camera tells to the database: over its disk, so that a database that is away, or a process
 * that dies, loses nothing. Alerts go first; pictures follow on a way of their own, so that a full vault holds up no alert.
 */
export class Delivery {
  readonly #platform: Platform;
  readonly #run: RunOf;
  readonly #reports: Spool<Line<Report>>;
  readonly #pictures: Spool<Line<WaitingPicture>>;
  readonly #ended = new AbortController();
  readonly #over: Promise<unknown>;
  #lostPictures = 0;

  private constructor(
    platform: Platform,
    run: RunOf,
    reports: Spool<Line<Report>>,
    pictures: Spool<Line<WaitingPicture>>,
  ) {
    this.#platform = platform;
    this.#run = run;
    this.#reports = reports;
    this.#pictures = pictures;
    this.#over = Promise.all([
      this.#carry(reports, (entry) => bringReport(platform, entry)),
      this.#carry(pictures, (entry) => bringPicture(platform, entry)),
    ]);
  }

  /** @param run whose row is in the database. */
  static async start(platform: Platform, run: RunOf): Promise<Delivery> {
    const path = (what: string): string => join(spoolFolder(platform), `${run.id}.${what}`);
    const reports = await Spool.open<Line<Report>>(path('reports'), REPORT_BYTES);
    const pictures = await Spool.open<Line<WaitingPicture>>(path('pictures'), PICTURE_BYTES);
    return new Delivery(platform, run, reports, pictures);
  }

  get standing(): DeliveryStanding {
    const [reports, pictures] = [this.#reports.standing, this.#pictures.standing];
    const oldest = Math.min(reports.oldest ?? Infinity, pictures.oldest ?? Infinity);
    return {
      waiting: reports.waiting,
      waitingPictures: pictures.waiting,
      notOnDisk: reports.inMemory + pictures.inMemory,
      diskRefuses: Number(reports.refused || pictures.refused),
      spoolBytes: reports.bytes + pictures.bytes,
      oldestSeconds: oldest === Infinity ? 0 : Math.max(0, (Date.now() - oldest) / 1000),
      lostPictures: this.#lostPictures,
    };
  }

  /**
   * Resolves when it is on the disk, or in memory when that is full.
   * @throws TidewaiterError `E_WATCH_SPOOL` when as much waits as may: a camera that cannot tell is not watched.
   */
  async report(report: Report): Promise<void> {
    if (await this.#reports.append({ ...report, run: this.#run })) return;
    throw new TidewaiterError(
      'E_WATCH_SPOOL',
      'The database has been away for so long that no more alerts can be kept on this machine',
      'Bring the database back; the camera is watched again by itself.',
    );
  }

  /** A picture for which there is no room is left out and counted: its alert counts more. */
  async picture(alert: string, jpeg: Uint8Array): Promise<void> {
    const { secrets } = this.#platform;
    const sealed = secrets.wrap(Buffer.from(jpeg), pictureContext(this.#run.id)).toString('base64');
    const kept = await this.#pictures.append({ alert: alertId(this.#run.id, alert), sealed, run: this.#run });
    if (!kept) this.#lostPictures += 1;
  }

  /** Goes on by itself until all is delivered, or the process ends: then a later run finds what is left. */
  end(): void {
    this.#ended.abort();
  }

  /** Settles when all was delivered, after {@link end}. */
  get over(): Promise<unknown> {
    return this.#over;
  }

  async #carry<Entry extends object>(
    spool: Spool<Entry>,
    bring: (entry: Numbered<Entry>) => Promise<void>,
  ): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted || spool.standing.waiting > 0) {
      await spool.filled(signal);
      try {
        await spool.drain(bring);
      } catch {
        // The database or the vault is away; which of them, and that it is, others say.
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    await spool.remove();
  }
}

async function bringReport({ db }: Platform, { run, ...report }: Numbered<Line<Report>>): Promise<void> {
  await deliver(db, run, report);
}

async function bringPicture(
  platform: Platform,
  { run, alert, sealed }: Numbered<Line<WaitingPicture>>,
): Promise<void> {
  const jpeg = platform.secrets.unwrap(Buffer.from(sealed, 'base64'), pictureContext(run.id));
  if (!(await keepPicture(platform, 'snapshot', alert, Readable.from([jpeg]))))
    throw new Error('its alert is still on its way');
}

/** When it was last looked, on the clock of `performance.now()`; later than all times while somebody looks. */
const looked = new WeakMap<Platform, number>();

/** {@link deliverLeft} every half a minute, however many cameras ask for it: who restarts at once finds nothing yet. */
export async function deliverLeftAgain(platform: Platform): Promise<void> {
  const now = performance.now();
  if (now - (looked.get(platform) ?? -Infinity) < LOOK_MS) return;
  looked.set(platform, Infinity);
  await deliverLeft(platform).finally(() => looked.set(platform, performance.now()));
}

/** Delivers what processes that died left on this machine's disk, in its order. */
export async function deliverLeft(platform: Platform): Promise<void> {
  const folder = spoolFolder(platform);
  const names = await readdir(folder).catch(() => []);
  // Alerts before their pictures.
  for (const name of names.sort().reverse()) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs < LEFT_MS) continue;
    if (name.endsWith('.reports'))
      for (const entry of await readSpool<Line<Report>>(path)) await bringReport(platform, entry);
    else for (const entry of await readSpool<Line<WaitingPicture>>(path)) await bringPicture(platform, entry);
    await rm(path, { force: true });
  }
}
