import type { Database } from '../../../platform/store/database.ts';
import '../outputs/tables.ts';

interface Row {
  readonly id: string;
  readonly created_at: Date;
}

/** Transactions end in another order than they begin: rows may turn up so much later than others. */
const LATE_MS = 30_000;

/** Finds the rows that are new since it was last asked, each once. */
export class NewRows {
  #since: Date;
  #seen = new Map<string, Date>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(since: Date) {
    this.#since = since;
  }

  /** @param find rows created after a moment, oldest first. */
  after<Found extends Row>(find: (since: Date) => Promise<readonly Found[]>): Promise<readonly Found[]> {
    const turn = this.#turn.then(async () => {
      const found = (await find(this.#since)).filter(({ id }) => !this.#seen.has(id));
      for (const { id, created_at } of found) this.#seen.set(id, created_at);
      const newest = found.at(-1)?.created_at.getTime() ?? 0;
      this.#since = new Date(Math.max(this.#since.getTime(), newest - LATE_MS));
      for (const [id, at] of this.#seen) if (at < this.#since) this.#seen.delete(id);
      return found;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

const MOST = 10_000;

/** Alerts of cameras that are switched on; those of test clips are no figures. */
export function alertsSince(db: Database, since: Date) {
  return db
    .selectFrom('watch_alerts')
    .innerJoin('watch_cameras', 'watch_cameras.id', 'watch_alerts.camera_id')
    .select(['watch_alerts.id', 'watch_alerts.site_id', 'watch_alerts.created_at', 'watch_alerts.at'])
    .select(['watch_cameras.slot', 'severity', 'suppressed', 'alert'])
    .where('watch_alerts.created_at', '>=', since)
    .where('watch_cameras.enabled', '=', true)
    .where('test', '=', false)
    .orderBy('watch_alerts.created_at')
    .limit(MOST)
    .execute();
}

export function attemptsSince(db: Database, since: Date) {
  return db
    .selectFrom('watch_attempts')
    .innerJoin('watch_channels', 'watch_channels.id', 'watch_attempts.channel_id')
    .select(['watch_attempts.id', 'watch_attempts.at as created_at', 'kind', 'took_ms', 'arrived'])
    .where('watch_attempts.at', '>=', since)
    .orderBy('watch_attempts.at')
    .limit(MOST)
    .execute();
}
