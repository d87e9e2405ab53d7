import { sql } from 'kysely';
import type { Seals } from '../../platform/secrets/seals.ts';
import type { DatabaseTransaction } from '../../platform/store/database.ts';
import type { Charter } from '../charters/charter.ts';
import { addDays, dayOf, type Day } from '../charters/days.ts';
import { isRunning, judgeCharter } from '../charters/judge.ts';
import type { Policy } from '../charters/policy.ts';
import { askSealed, evidenceOf, type Evidence } from './seals.ts';

/**
 * What a charter lacks on a day (UTC): the rules that it breaks, by rule and field, as legal bases and tests of proxies end by
 * themselves; and of a use that works, what the policies of that day leave open.
 */
export function charterLacks(charter: Charter, policies: readonly Policy[], day: Day): string[] {
  const { findings, open } = judgeCharter(charter, policies, day);
  const broken = findings.filter(({ level }) => level === 'error');
  return [
    ...broken.map(({ rule, field }) => `charter ${rule} (${field})`),
    ...(isRunning(charter) ? open : []).map(
      ({ policy, provision, missing }) => `policy ${policy}/${provision} (${missing.join(', ')})`,
    ),
  ];
}

/**
 * The earliest moment at which something ends that a use at a site rests on: the newest test of each kind of each model, the
 * waiver in their place, what its charter names with an end, and the day before a policy begins that it does not meet. Ask first that nothing is lacking: what ended already is
 * not counted.
 */
export async function restsUntil(
  tx: DatabaseTransaction,
  seals: Seals,
  {
    registration,
    charter,
    policies,
    site,
    now,
  }: {
    readonly registration: string;
    readonly charter: Charter;
    readonly policies: readonly Policy[];
    readonly site: string;
    readonly now: Date;
  },
): Promise<Date> {
  const use = sql`(select use from governance_registrations where id = ${registration})`;
  const { end: ended } = await askSealed(seals, async (forged) => {
    const { rows } = await sql<{ end: Date | null; evidence: Evidence[] }>`
      with r as (select use, m ->> 'digest' as digest from governance_registrations, jsonb_array_elements(models) m
          where id = ${registration}),
        newest as (select r.digest as model_digest, t.expires
          from r, governance_newest_tests(r.use, r.digest, ${forged}) t)
      select min(ends) as end, ${evidenceOf(use)} as evidence from (
        select expires as ends from newest where expires > ${now}
        union all
        select (select max(case when w.reported is null then least(w.expires, w.granted_at + interval '30 days')
              else w.expires end)
            from (select *, governance_reported(id, ${forged}) as reported from governance_waivers) w
            where w.registration_id = ${registration} and w.site = ${site} and w.requirement = 'tests'
              and governance_counts('governance_waivers', w.id::text, w.seal, ${forged})
              and w.revoked_at is null and w.expires > ${now}
              and coalesce(w.reported, ${now}) <= w.granted_at + interval '30 days')
          where exists (select 1 from newest where expires <= ${now})
            or exists (select 1 from r where digest not in (select model_digest from newest))
      ) e`.execute(tx);
    return rows[0] ?? { end: null, evidence: [] };
  });
  const end = ended ?? now;
  const last = dayOf(end);
  for (let day = dayOf(now); day <= last; day = addDays(day, 1))
    if (charterLacks(charter, policies, day).length > 0) return new Date(`${day}T00:00:00Z`);
  return end;
}
