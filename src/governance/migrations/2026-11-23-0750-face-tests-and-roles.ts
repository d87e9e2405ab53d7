import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/**
 * Uses of face recognition rest on tests for bias that a lab signed, and people on the training that their role needs in a
 * use. What judges tests comes with their thresholds, a later step.
 */
export const faceTestsAndRolesStep: SchemaStep = {
  name: '2026-11-23-0750-face-tests-and-roles',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...columns, ...training]) await sql.raw(statement).execute(db);
  },
};

/** The modules that could be in force until now. */
const released: Readonly<Record<string, readonly [use: string, ...roles: string[]]>> = {
  'redaction-review': ['redaction', 'officer', 'analyst', 'investigator', 'supervisor', 'privacy', 'admin'],
  'watch-alerts': ['watch', 'operator', 'officer', 'analyst', 'supervisor', 'admin'],
  'face-tests': [
    ...(['faces', 'officer', 'investigator', 'supervisor'] as const),
    ...['privacy', 'civil-rights', 'ai-governance', 'admin'],
  ],
  'oversight-offices': ['oversight', 'supervisor', 'privacy', 'civil-rights', 'ai-governance', 'admin'],
};

const columns = [
  // Fingerprint of the key that signed the report. Empty where somebody recorded a test by hand, and left out of its seal then.
  `alter table governance_tests add column publisher text check (publisher ~ '^[0-9a-f]{64}$')`,
  `alter table training_releases add column use text, add column roles text[]`,
  `alter table training_releases disable trigger training_releases_keeps`,
  ...Object.entries(released).map(
    ([module, [use, ...roles]]) =>
      `update training_releases set use = '${use}', roles = '{${roles.join()}}' where module = '${module}'`,
  ),
  `alter table training_releases enable trigger training_releases_keeps`,
  `alter table training_releases alter column use set not null, alter column roles set not null`,
];

const training = [
  /*
   * The modules that somebody needs in a use at a site: the one that is asked of everybody there, or else those in force for
   * a role that they hold there. Where nothing is asked for their roles, any module of the use will do.
   */
  `create function governance_modules(person uuid, wanted text, at_site text) returns text[] language sql stable as $$
    select coalesce(
      (select array[n.module] from (select required, module from training_requirements
        where use = wanted order by place desc limit 1) n where n.required and n.module is not null),
      array(select n.module from (select distinct on (module) module, use, roles from training_releases
          order by module, place desc) n
        where n.use = wanted and exists (select 1 from grants g
          where g.person_id = person and g.site in (at_site, '*') and g.role = any (n.roles))))
  $$`,
  `create function governance_trained(person uuid, wanted text, at_site text, moment timestamptz, forged text[] default '{}')
    returns boolean language sql stable as $$
    with passed as (select t.module from governance_training t
      where t.person_id = person and t.use = wanted and t.completed_at <= moment and moment < t.expires
        and governance_counts('governance_training', t.place::text, t.seal, forged))
    select exists (select 1 from passed) and governance_modules(person, wanted, at_site) <@ array(select module from passed)
  $$`,
  `create or replace function check_may_decide(person uuid, wanted text, at_site text) returns void language plpgsql as $$
    declare enforced boolean; required boolean; unread uuid;
    begin
      required := (select r.required from training_requirements r where r.use = wanted order by r.place desc limit 1);
      enforced := current_setting('tidewaiter.governance', true) = 'enforced' or governance_mode() = 'enforced';
      if (enforced or coalesce(required, false))
        and not governance_trained(person, wanted, at_site, now())
        and not exists (select 1 from governance_registrations g where g.use = wanted
          and governance_waived(g.id, at_site, 'training', now())) then
        raise exception 'You have no current training for %', wanted using errcode = 'TW001', detail = 'E_TRAINING',
          hint = 'Pass ' || coalesce('the module ' || nullif(array_to_string(governance_modules(person, wanted, at_site), ', '), ''),
            'a module of this use') || ' first: it is listed under your training.';
      end if;
      for unread in select n.id from (select distinct on (site) id, site from officer_notices
          where use = wanted and site in (at_site, '*') order by site, place desc) n
        where not exists (select 1 from officer_notice_readers a where a.notice_id = n.id and a.person_id = person)
      loop
        raise exception 'The notice about AI in this queue is new to you' using errcode = 'TW001', detail = 'E_NOTICE_UNREAD',
          hint = 'Read the notice of ' || wanted || ' and acknowledge it, then decide.';
      end loop;
    end $$`,
];
