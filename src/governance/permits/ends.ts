import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../platform/store/database.ts';
import type { Charter } from '../charters/charter.ts';
import { checkCharter } from '../charters/check.ts';
import { addDays, dayOf, type Day } from '../charters/days.ts';

/** What a charter breaks on the day of a moment (UTC), by rule and field: legal bases and tests of proxies end by themselves. */
export function charterLacks(charter: Charter, now: Date): string[] {
  return brokenOn(charter, dayOf(now));
}

function brokenOn(charter: Charter, day: Day): string[] {
  return checkCharter(charter, day)
    .filter(({ level }) => level === 'error')
    .map(({ rule, field }) => `charter ${rule} (${field})`);
}

/**
 * The earliest moment at which something ends that a use at a site rests on: the newest test of each kind of each model, the
 * waiver in their place, and what its charter names with an end. Ask first that nothing is lacking: what ended already is
 * not counted.
 */
export async function restsUntil(
  tx: DatabaseTransaction,
  {
    registration,
    charter,
    site,
    now,
  }: { readonly registration: string; readonly charter: Charter; readonly site: string; readonly now: Date },
): Promise<Date> {
  const { rows } = await sql<{ end: Date | null }>`
    with r as (select use, m ->> 'digest' as digest from governance_registrations, jsonb_array_elements(models) m
        where id = ${registration}),
      newest as (select distinct on (t.model_digest, t.kind) t.model_digest, t.expires from governance_tests t
        join r on r.use = t.use and r.digest = t.model_digest order by t.model_digest, t.kind, t.place desc)
    select min(ends) as end from (
      select expires as ends from newest where expires > ${now}
      union all
      select (select max(case when w.reported_at is null then least(w.expires, w.granted_at + interval '30 days')
            else w.expires end) from governance_waivers w
          where w.registration_id = ${registration} and w.site = ${site} and w.requirement = 'tests'
            and w.revoked_at is null and w.expires > ${now}
            and coalesce(w.reported_at, ${now}) <= w.granted_at + interval '30 days')
        where exists (select 1 from newest where expires <= ${now})
          or exists (select 1 from r where digest not in (select model_digest from newest))
    ) e`.execute(tx);
  const end = rows[0]?.end ?? now;
  const last = dayOf(end);
  for (let day = dayOf(now); day <= last; day = addDays(day, 1))
    if (brokenOn(charter, day).length > 0) return new Date(`${day}T00:00:00Z`);
  return end;
}
