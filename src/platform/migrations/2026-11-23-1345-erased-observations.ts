import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** With an asset goes what models saw in it. Earlier versions left it, and it may be text that was read. */
export const erasedObservations: SchemaStep = {
  name: '2026-11-23-1345-erased-observations',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      with gone as (
        delete from observations o using assets a
        where o.asset_id = a.id and a.erased_at is not null
        returning o.site_id, date_trunc('hour', o.seen_at, 'UTC') as hour, o.class
      ), counted as (
        select site_id, hour, class, count(*) as count from gone group by site_id, hour, class
      )
      update observation_hours h set count = h.count - c.count
      from counted c where h.site_id = c.site_id and h.hour = c.hour and h.class = c.class`.execute(db);
  },
};
