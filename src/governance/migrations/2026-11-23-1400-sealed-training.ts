import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/**
 * What training is asked of people carries seals, as what they have passed does. These rows may ask for less as well as for more, so one that
 * this installation did not write never asks for less: while a requirement of a use is not ours, nobody counts as trained in it, and
 * a module whose release is not ours is asked of everybody, until an office decides anew.
 */
export const sealedTrainingStep: SchemaStep = {
  name: '2026-11-23-1400-sealed-training',
  async up(db: Kysely<unknown>): Promise<void> {
    const { rows } = await sql<{ view: string }>`
      select pg_get_viewdef('governance_evidence'::regclass) as view`.execute(db);
    const before = rows[0]?.view.replace(/;\s*$/, '') ?? '';
    const statements = [...columns, `create or replace view governance_evidence as ${before} ${evidence}`];
    for (const statement of [...statements, ...rules]) await sql.raw(statement).execute(db);
  },
};

const columns = ['training_releases', 'training_requirements'].flatMap((table) => [
  `alter table ${table} add column seal text`,
  `drop trigger ${table}_keeps on ${table}`,
  `create trigger ${table}_keeps before delete or truncate on ${table}
    for each statement execute function governance_keeps()`,
  `create trigger ${table}_fills_once before update on ${table}
    for each row execute function governance_fills_once('seal')`,
]);

// A release of another use may take a module away from this one, so all of them are evidence of every use.
const evidence = `
  union all
  select 'training_releases', r.place::text, '*', null, governance_facts(r), r.seal from training_releases r
  union all
  select 'training_requirements', r.place::text, r.use, null, governance_facts(r), r.seal from training_requirements r`;

const rules = [
  `drop function governance_modules(uuid, text, text)`,
  /*
   * The modules that somebody needs in a use at a site: the one that is asked of everybody there, or else those in force for
   * a role that they hold there. Where nothing is asked for their roles, any module of the use will do. Null while nobody can tell.
   */
  `create function governance_modules(person uuid, wanted text, at_site text, forged text[] default '{}')
    returns text[] language sql stable as $$
    with asked as (select required, module, governance_counts('training_requirements', place::text, seal, forged) as ours
        from training_requirements where use = wanted order by place desc limit 1),
      released as (select place, module, use, roles, governance_counts('training_releases', place::text, seal, forged) as ours
        from training_releases),
      in_force as (select distinct on (module) place, module, use, roles from released where ours order by module, place desc)
    select case
      when exists (select 1 from asked where not ours) then null
      when exists (select 1 from asked where required and module is not null) then array(select module from asked)
      else array(
        select n.module from in_force n
          where n.use = wanted and exists (select 1 from grants g
            where g.person_id = person and g.site in (at_site, '*') and g.role = any (n.roles))
        union
        select r.module from released r
          where r.use = wanted and not r.ours
            and r.place > coalesce((select n.place from in_force n where n.module = r.module), 0))
    end
  $$`,
  `create or replace function governance_trained(person uuid, wanted text, at_site text, moment timestamptz, forged text[] default '{}')
    returns boolean language sql stable as $$
    with passed as (select t.module from governance_training t
      where t.person_id = person and t.use = wanted and t.completed_at <= moment and moment < t.expires
        and governance_counts('governance_training', t.place::text, t.seal, forged))
    select exists (select 1 from passed)
      and coalesce(governance_modules(person, wanted, at_site, forged) <@ array(select module from passed), false)
  $$`,
  `create or replace function check_may_decide(person uuid, wanted text, at_site text) returns void language plpgsql as $$
    declare enforced boolean; required boolean; unread uuid; modules text[];
    begin
      required := (select r.required or r.seal is null from training_requirements r where r.use = wanted order by r.place desc limit 1);
      enforced := current_setting('tidewaiter.governance', true) = 'enforced' or governance_mode() = 'enforced';
      if (enforced or coalesce(required, false))
        and not governance_trained(person, wanted, at_site, now())
        and not exists (select 1 from governance_registrations g where g.use = wanted
          and governance_waived(g.id, at_site, 'training', now())) then
        modules := governance_modules(person, wanted, at_site);
        if modules is null then
          raise exception 'What training % needs was not written by this installation', wanted using errcode = 'TW001',
            detail = 'E_TRAINING', hint = 'Ask AI governance to say anew what training the use needs.';
        end if;
        raise exception 'You have no current training for %', wanted using errcode = 'TW001', detail = 'E_TRAINING',
          hint = 'Pass ' || coalesce('the module ' || nullif(array_to_string(modules, ', '), ''), 'a module of this use')
            || ' first: it is listed under your training.';
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
