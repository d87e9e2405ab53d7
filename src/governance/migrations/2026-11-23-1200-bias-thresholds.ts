import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/**
 * A test for bias holds at the thresholds that a model is registered for. The functions that judge tests stand here once; an
 * installation may have them from earlier forms of the steps before.
 */
export const biasThresholdsStep: SchemaStep = {
  name: '2026-11-23-1200-bias-thresholds',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  // `threshold` of the report. Of a test that was recorded before there is none, and it holds for nothing: record its report again.
  `alter table governance_tests add column threshold double precision`,
  `drop function if exists governance_newest_tests(text, text, text[])`,
  /*
   * Of each kind the newest, as it is judged now: one that is forged counts for nothing, nor does a test for bias that passed
   * by somebody's word; one that failed always counts.
   */
  `create function governance_newest_tests(of_use text, of_model text, forged text[])
    returns table (kind text, passed boolean, expires timestamptz, threshold double precision) language sql stable as $$
    select distinct on (t.kind) t.kind, t.passed, t.expires, t.threshold from governance_tests t
      where t.use = of_use and t.model_digest = of_model
        and (not t.passed or (governance_counts('governance_tests', t.place::text, t.seal, forged)
          and (t.kind <> 'face-bias' or t.publisher is not null)))
      order by t.kind, t.place desc
  $$`,
  // What is missing for a use at a site: an empty list is the only answer under which models run.
  `create or replace function governance_lacks(wanted uuid, at_site text, moment timestamptz, forged text[] default '{}')
    returns text[] language sql stable as $$
    with r as (select * from governance_registrations where id = wanted
      and governance_counts('governance_registrations', id::text, seal, forged))
    select array(
      select 'registration' where not exists (select 1 from r)
      union all
      select 'sign-off ' || office from unnest(array['privacy', 'civil-rights', 'ocio', 'caio']) as o (office)
        where coalesce((select s.verdict from governance_sign_offs s
          where s.registration_id = wanted and s.office = o.office and (s.verdict <> 'signed'
            or governance_counts('governance_sign_offs', s.place::text, s.seal, forged))
          order by s.place desc limit 1), '') <> 'signed'
      union all
      select 'test of ' || (m ->> 'id') from r, jsonb_array_elements(r.models) m
        where (not exists (select 1 from governance_newest_tests(r.use, m ->> 'digest', forged))
            and not governance_waived(wanted, at_site, 'tests', moment, forged))
          or exists (select 1 from governance_newest_tests(r.use, m ->> 'digest', forged) newest
            where not newest.passed
              or (newest.expires <= moment and not governance_waived(wanted, at_site, 'tests', moment, forged)))
      union all
      -- Words of faceDeeds in charters/words.ts. No waiver stands in for this one. Groups that are served alike at one threshold may not be at another.
      select 'face-bias test of ' || (m ->> 'id') from r, jsonb_array_elements(r.models) m
        where r.charter -> 'does' ?| array['capture-faces', 'compare-faces-one-to-one', 'search-faces']
          and not exists (select 1 from governance_newest_tests(r.use, m ->> 'digest', forged) newest
            where newest.kind = 'face-bias' and newest.passed and newest.expires > moment
              and newest.threshold between (m -> 'threshold' ->> 0)::double precision and (m -> 'threshold' ->> 1)::double precision)
      union all
      select 'suspended' where exists (select 1 from governance_registrations g
        join governance_suspensions s on s.use = g.use
        where g.id = wanted and governance_lifted(s.id, forged) is null)
    )
  $$`,
];
