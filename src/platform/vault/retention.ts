import { type RawBuilder, sql } from 'kysely';
import type { AssetRole } from '../store/tables.ts';
import type { Database } from '../store/database.ts';
import type {} from './tables.ts';

/** Made from a source only to look at it: they share its fate, whatever their own class says. */
export const views: readonly AssetRole[] = ['proxy', 'thumbnail', 'waveform'];

/**
 * From when an asset may be erased; null while its case is open, or for ever. Needs `assets` as `a`, their `cases` as `c`
 * and `retention_classes` as `r`. Days have 24 hours, so that it is the same in every time zone.
 */
export const erasableFrom: RawBuilder<Date | null> = sql`(case r.counts_from
  when 'created' then a.created_at
  else case when c.state = 'closed' then c.closed_at end
end + r.days * interval '24 hours')`;

/** An asset that may be erased. */
export interface DueAsset {
  readonly id: string;
  readonly name: string;
  readonly caseId: string;
  readonly siteId: string;
  readonly retention: string;
  /** Since when it may be. */
  readonly since: Date;
}

/**
 * What may be erased at a time, longest due first: not on hold, nor anything made from it, and kept as long as its class
 * asks. Proxies and thumbnails go with their source and are not listed.
 * @param limit most that are listed, 1000 by default.
 */
export async function due(db: Database, now: Date, limit = 1000): Promise<DueAsset[]> {
  const { rows } = await sql<DueAsset>`
    select a.id, a.name, a.case_id as "caseId", a.site_id as "siteId", a.retention, ${erasableFrom} as since
    from assets a join cases c on c.id = a.case_id join retention_classes r on r.name = a.retention
    where a.erased_at is null and not a.legal_hold and ${erasableFrom} <= ${now}
      and (a.derived_from is null or a.role <> all (${views}::text[]))
      and not exists (
        with recursive made (id) as (
          select m.id from assets m where m.derived_from = a.id
          union
          select m.id from assets m join made on m.derived_from = made.id
        )
        select from made
          join assets a on a.id = made.id
          join cases c on c.id = a.case_id
          join retention_classes r on r.name = a.retention
        where a.erased_at is null
          and (a.legal_hold or (a.role <> all (${views}::text[]) and (${erasableFrom} <= ${now}) is not true))
      )
    order by since, a.id
    limit ${limit}`.execute(db);
  return rows;
}
