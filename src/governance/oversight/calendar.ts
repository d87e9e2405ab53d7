import { sql } from 'kysely';
import { forgedNames, type Governed } from '../permits/seals.ts';

export const calendarKinds = [
  'permit',
  'test',
  'training',
  'waiver',
  'waiver-report',
  'evidence',
  'notice',
  'correction',
  'appeal',
] as const;

/** Something that ends, or that is to be done by a day. */
export interface CalendarEntry {
  readonly kind: (typeof calendarKinds)[number];
  /** The row that it is of; the registration for evidence of a charter. */
  readonly id: string;
  /** Empty for requests. */
  readonly use: string;
  readonly what: string;
  readonly at: string;
  /** Whole days; negative when it is past. */
  readonly daysLeft: number;
}

/** Past ends are shown this long, unless something newer took their place. */
const PAST_DAYS = 90;

/**
 * What ends within so many days or ended within the last {@link PAST_DAYS}, soonest first. Of tests, training and notices the
 * newest of each kind; of charters the newest version of each use. Open requests stay until they are done.
 */
export async function calendar({ db, keys }: Governed, days: number, now: Date): Promise<CalendarEntry[]> {
  const forged = await forgedNames(db, keys.seals);
  const { rows } = await sql<Omit<CalendarEntry, 'at' | 'daysLeft'> & { readonly ends: Date }>`
    with ending as (
      select 'permit' as kind, id::text, use, purpose || ' at ' || site as what, expires as ends
        from governance_permits where revoked_at is null
      union all
      select * from (select distinct on (use, model_digest, kind) 'test', id::text, use,
          kind || ' of ' || left(model_digest, 12), expires
        from governance_tests where not passed or governance_counts('governance_tests', place::text, seal, ${forged})
        order by use, model_digest, kind, place desc) tests
      union all
      select * from (select distinct on (t.use, t.person_id, t.module) 'training', t.person_id::text, t.use, t.module, t.expires
        from governance_training t join people p on p.id = t.person_id and p.disabled_at is null
        where t.seal is not null order by t.use, t.person_id, t.module, t.place desc) training
      union all
      select 'waiver', w.id::text, r.use, w.requirement || ' at ' || w.site, w.expires
        from governance_waivers w join governance_registrations r on r.id = w.registration_id where w.revoked_at is null
          and governance_counts('governance_waivers', w.id::text, w.seal, ${forged})
      union all
      select 'waiver-report', w.id::text, r.use, 'report to OMB', w.granted_at + interval '30 days'
        from governance_waivers w join governance_registrations r on r.id = w.registration_id
        where w.revoked_at is null and governance_reported(w.id, ${forged}) is null
          and governance_counts('governance_waivers', w.id::text, w.seal, ${forged})
      union all
      select 'evidence', r.id::text, r.use, (e ->> 'kind') || ': ' || (e ->> 'what'), (e ->> 'expires')::timestamptz
        from (select distinct on (use) * from governance_registrations order by use, version desc) r,
          jsonb_array_elements(coalesce(r.charter -> 'evidence', '[]')) e
        where e ->> 'expires' is not null
      union all
      select * from (select distinct on (use, language) 'notice', id::text, use, language || ' version ' || version, ends
        from redress_notices where effective <= ${now} order by use, language, version desc) notices
      union all
      select kind, id::text, '', case_reference, coalesce(extended_to, due_at)
        from redress_requests where notified_at is null
    )
    select * from ending where ends <= ${now}::timestamptz + make_interval(days => ${days})
      and (ends > ${now}::timestamptz - make_interval(days => ${PAST_DAYS}) or kind in ('correction', 'appeal'))
    order by ends, id limit 1000`.execute(db);
  return rows.map(({ ends, ...rest }) => ({
    ...rest,
    ...{ at: ends.toISOString(), daysLeft: Math.floor((ends.getTime() - now.getTime()) / 86_400_000) },
  }));
}
