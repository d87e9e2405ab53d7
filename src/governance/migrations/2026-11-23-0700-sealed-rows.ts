import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/**
 * A row that lets something run counts with a seal only, which the server makes with a key that is not in the database. What
 * a seal is worth, SQL cannot tell: whoever asks names the rows whose seal does not verify (`forged`), and takes the answer
 * once there are no others. Without that list a row needs some seal. What stops something counts in any case.
 */
export const sealedRowsStep: SchemaStep = {
  name: '2026-11-23-0700-sealed-rows',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...acts, ...columns, ...evidence, ...rules, ...people, ...triggers])
      await sql.raw(statement).execute(db);
  },
};

/** What was filled in later and lets something run has rows of its own: one that is forged takes nobody's place. */
const acts = [
  `create table governance_acts (
    place bigint generated always as identity primary key,
    suspension_id uuid references governance_suspensions,
    waiver_id uuid references governance_waivers,
    mode_place bigint references governance_modes,
    person_id uuid not null references people,
    reason text check (length(reason) >= 3),
    at timestamptz not null,
    seal text,
    check (num_nonnulls(suspension_id, waiver_id, mode_place) = 1),
    check (suspension_id is null or reason is not null)
  )`,
  `create index on governance_acts (suspension_id)`,
  `create index on governance_acts (waiver_id)`,
  `create index on governance_acts (mode_place)`,
  `insert into governance_acts (suspension_id, person_id, reason, at)
    select id, lifted_by, case when length(lift_reason) >= 3 then lift_reason else 'lifted: ' || lift_reason end, lifted_at
    from governance_suspensions where lifted_at is not null order by lifted_at`,
  // Who reported was not kept.
  `insert into governance_acts (waiver_id, person_id, at)
    select id, granted_by, reported_at from governance_waivers where reported_at is not null order by reported_at`,
  `insert into governance_acts (mode_place, person_id, at)
    select place, confirmed_by, confirmed_at from governance_modes where confirmed_at is not null order by place`,
];

/** Tables with seals. Their triggers are made anew, since what may be filled later changed. */
const filledLater: Readonly<Record<string, readonly string[]>> = {
  governance_registrations: ['seal'],
  governance_sign_offs: ['seal'],
  governance_tests: ['seal'],
  governance_training: ['seal'],
  governance_waivers: ['revoked_at', 'revoked_by', 'seal'],
  governance_modes: ['seal'],
  governance_acts: ['seal'],
  acceptance_sets: ['seal'],
};

const columns = [
  ...Object.keys(filledLater)
    .filter((table) => table !== 'governance_acts')
    .map((table) => `alter table ${table} add column seal text`),
  `drop trigger governance_suspensions_fills_once on governance_suspensions`,
  `alter table governance_suspensions drop column lifted_at, drop column lifted_by, drop column lift_reason`,
  `alter table governance_waivers drop column reported_at`,
  `alter table governance_modes drop column confirmed_by, drop column confirmed_at`,
  `create index on governance_suspensions (use)`,
];

const evidence = [
  /*
   * What a seal is over: all that a row says, but the seal itself and what may stop it later. A charter is in it by its digest.
   * A column that is empty is left out, so that seals outlast columns that come later, as long as those begin empty.
   */
  `create function governance_facts(sealed anyelement) returns text language sql stable set timezone = 'UTC' as $$
    select jsonb_strip_nulls(to_jsonb(sealed) - array['seal', 'charter', 'revoked_at', 'revoked_by'])::text
  $$`,
  `create view governance_evidence as
    select 'governance_registrations' as kind, r.id::text as key, r.use, null::uuid as person_id, governance_facts(r) as facts,
      r.seal from governance_registrations r
    union all
    select 'governance_sign_offs', s.place::text, r.use, null, governance_facts(s), s.seal
      from governance_sign_offs s join governance_registrations r on r.id = s.registration_id where s.verdict = 'signed'
    union all
    select 'governance_tests', t.place::text, t.use, null, governance_facts(t), t.seal from governance_tests t where t.passed
    union all
    select 'governance_training', t.place::text, t.use, t.person_id, governance_facts(t), t.seal from governance_training t
    union all
    select 'governance_waivers', w.id::text, r.use, null, governance_facts(w), w.seal
      from governance_waivers w join governance_registrations r on r.id = w.registration_id
    union all
    select 'governance_acts', a.place::text, coalesce(s.use, r.use, '*'), null, governance_facts(a), a.seal
      from governance_acts a left join governance_suspensions s on s.id = a.suspension_id
      left join governance_waivers w on w.id = a.waiver_id left join governance_registrations r on r.id = w.registration_id
    union all
    select 'governance_modes', m.place::text, '*', null, governance_facts(m), m.seal
      from governance_modes m where m.mode = 'evaluation'
    union all
    -- Of no use: permits rest on the tests that come of it, and whoever takes those in asks.
    select 'acceptance_sets', s.commitment, null, null, governance_facts(s), s.seal from acceptance_sets s`,
  `create function governance_counts(kind text, key text, seal text, forged text[]) returns boolean language sql immutable as $$
    select seal is not null and not (kind || ' ' || key = any (forged))
  $$`,
];

const rules = [
  `create function governance_lifted(suspension uuid, forged text[]) returns timestamptz language sql stable as $$
    select min(a.at) from governance_acts a where a.suspension_id = suspension
      and governance_counts('governance_acts', a.place::text, a.seal, forged)
  $$`,
  `create function governance_reported(waiver uuid, forged text[]) returns timestamptz language sql stable as $$
    select min(a.at) from governance_acts a where a.waiver_id = waiver
      and governance_counts('governance_acts', a.place::text, a.seal, forged)
  $$`,
  `create function governance_mode(forged text[] default '{}') returns text language sql stable as $$
    select coalesce((select m.mode from governance_modes m where m.mode = 'enforced'
        or (governance_counts('governance_modes', m.place::text, m.seal, forged)
          and exists (select 1 from governance_acts a where a.mode_place = m.place
            and governance_counts('governance_acts', a.place::text, a.seal, forged)))
      order by m.place desc limit 1), 'evaluation')
  $$`,
  `drop function governance_waived(uuid, text, text, timestamptz)`,
  // A waiver that was not reported within 30 days no longer stands.
  `create function governance_waived(wanted uuid, at_site text, what text, moment timestamptz, forged text[] default '{}')
    returns boolean language sql stable as $$
    select exists (select 1 from governance_waivers w
      where w.registration_id = wanted and w.site = at_site and w.requirement = what
        and w.granted_at <= moment and moment < w.expires and w.revoked_at is null
        and governance_counts('governance_waivers', w.id::text, w.seal, forged)
        and (moment <= w.granted_at + interval '30 days'
          or governance_reported(w.id, forged) <= w.granted_at + interval '30 days'))
  $$`,
  // It comes again, with the rest of the rules, in the step on face tests and roles.
  `drop function governance_lacks(uuid, text, timestamptz)`,
];

const people = [
  `create or replace function governance_checks_mode() returns trigger language plpgsql as $$
    begin
      if new.mode = 'evaluation' and not (governance_holds(new.proposed_by::uuid, 'admin')
          or governance_holds(new.proposed_by::uuid, 'ai-governance')) then
        raise exception 'only an admin and AI governance together end enforcement';
      end if;
      return new;
    end $$`,
  `create function governance_checks_act() returns trigger language plpgsql as $$
    declare proposal governance_modes;
    begin
      if new.person_id::text = (select suspended_by from governance_suspensions where id = new.suspension_id) then
        raise exception 'nobody lifts a suspension of their own';
      end if;
      if new.mode_place is not null then
        select * into proposal from governance_modes where place = new.mode_place;
        if proposal.mode <> 'evaluation' or proposal.proposed_by = new.person_id::text
          or not ((governance_holds(proposal.proposed_by::uuid, 'admin') and governance_holds(new.person_id, 'ai-governance'))
            or (governance_holds(proposal.proposed_by::uuid, 'ai-governance') and governance_holds(new.person_id, 'admin'))) then
          raise exception 'only an admin and AI governance together end enforcement';
        end if;
      end if;
      return new;
    end $$`,
  // Without the key nothing that was sealed holds: it is neither thrown away nor replaced, only wrapped anew.
  `create function seal_keys_keep() returns trigger language plpgsql as $$
    begin
      if tg_op <> 'UPDATE' or new.name <> old.name or new.version <> old.version then
        raise exception 'a key of seals stays';
      end if;
      return new;
    end $$`,
];

const triggers = [
  ...Object.entries(filledLater).flatMap(([table, later]) => [
    `drop trigger if exists ${table}_fills_once on ${table}`,
    `create trigger ${table}_fills_once before update on ${table}
      for each row execute function governance_fills_once(${later.map((column) => `'${column}'`).join(', ')})`,
  ]),
  // Who proposed is asked when a proposal is made, and not when it is sealed.
  `drop trigger governance_modes_check on governance_modes`,
  `create trigger governance_modes_check before insert on governance_modes
    for each row execute function governance_checks_mode()`,
  `create trigger governance_suspensions_fills_once before update on governance_suspensions
    for each row execute function governance_fills_once()`,
  `create trigger governance_acts_keeps before delete or truncate on governance_acts
    for each statement execute function governance_keeps()`,
  `create trigger governance_acts_check before insert on governance_acts
    for each row execute function governance_checks_act()`,
  `create trigger seal_keys_keep before update or delete on secrets
    for each row when (old.name like 'seal-key/%') execute function seal_keys_keep()`,
  `create trigger seal_keys_stay_first before insert on secrets
    for each row when (new.name like 'seal-key/%' and new.version > 1) execute function seal_keys_keep()`,
  `create trigger secrets_keep before truncate on secrets for each statement execute function seal_keys_keep()`,
];
