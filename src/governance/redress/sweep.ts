import { sql } from 'kysely';
import { append } from '../../platform/ledger/ledger.ts';
import type { Chore } from '../../platform/housekeeping/chore.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Database } from '../../platform/store/database.ts';

/** Passages are counted by month and deleted after so many days; the schema refuses to delete younger ones. */
export const PASSAGE_DAYS = 400;
const BATCH = 5000;

/** Deletes opt-outs and passages by itself when their time is over. */
export function redressChore({ db, now }: Pick<Platform, 'db' | 'now'>): Chore {
  return {
    name: 'redress',
    everySeconds: 3600,
    run: async (signal) => ({ ...(await sweepRedress(db, now(), signal)) }),
  };
}

/** Deletes what is kept no longer: old passages, which leave counts, and standing opt-outs that are over. */
export async function sweepRedress(
  db: Database,
  now: Date,
  signal: AbortSignal,
): Promise<{ readonly passages: number; readonly standing: number }> {
  let passages = 0;
  for (let more = true; more;) {
    signal.throwIfAborted();
    const gone = await sweepPassages(db, now);
    passages += gone;
    more = gone === BATCH;
  }
  const { numDeletedRows } = await db
    .deleteFrom('redress_standing')
    .where('expires', '<=', now)
    .executeTakeFirst();
  const standing = Number(numDeletedRows);
  if (passages + standing > 0)
    await db.transaction().execute((tx) =>
      append(tx, {
        ...{
          kind: 'redress.retention',
          at: now,
          actor: 'system',
          subjects: {},
          facts: { passages, standing },
        },
      }),
    );
  return { passages, standing };
}

async function sweepPassages(db: Database, now: Date): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    with old as (
      select id from capture_passages where asked_at <= ${now}::timestamptz - make_interval(days => ${PASSAGE_DAYS})
      order by asked_at limit ${BATCH} for update skip locked
    ), gone as (
      delete from capture_passages p using old where p.id = old.id
      returning date_trunc('month', p.asked_at at time zone 'UTC')::date as month, p.site_id, p.lane, p.use, capture_kind(p) as kind
    ), counted as (
      insert into capture_counts as c (month, site_id, lane, use, kind, passages)
      select month, site_id, lane, use, kind, count(*) from gone group by 1, 2, 3, 4, 5
      on conflict (month, site_id, lane, use, kind) do update set passages = c.passages + excluded.passages
    )
    select count(*) as gone from gone`.execute(db);
  return Number(rows[0]?.gone ?? 0);
}
