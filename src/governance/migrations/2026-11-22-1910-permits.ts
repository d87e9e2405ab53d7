import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/**
 * What a permit rests on, and permits. The rules stand here once, as `governance_lacks`: the program asks it before it
 * issues and each time it renews a lease, and a trigger asks it for every row that comes in by whatever way.
 */
export const permitsStep: SchemaStep = {
  name: '2026-11-22-1910-permits',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers]) await sql.raw(statement).execute(db);
  },
};

const tables = [
  `create table governance_registrations (
    id uuid primary key,
    use text not null check (use ~ '^[a-z][a-z0-9-]{0,62}$'),
    version integer not null check (version > 0),
    charter_digest text not null check (charter_digest ~ '^[0-9a-f]{64}$'),
    impact text not null,
    charter jsonb not null,
    purposes text[] not null check (cardinality(purposes) > 0),
    models jsonb not null check (jsonb_typeof(models) = 'array' and jsonb_array_length(models) > 0),
    author_id uuid not null references people,
    registered_at timestamptz not null,
    unique (use, version)
  )`,
  `create table governance_sign_offs (
    place bigint generated always as identity primary key,
    registration_id uuid not null references governance_registrations,
    office text not null check (office in ('privacy', 'civil-rights', 'ocio', 'caio')),
    person_id uuid not null references people,
    verdict text not null check (verdict in ('signed', 'returned')),
    reason text not null check (length(reason) >= 3),
    at timestamptz not null
  )`,
  `create index on governance_sign_offs (registration_id, office, place desc)`,
  `create table governance_tests (
    place bigint generated always as identity primary key,
    id uuid not null unique,
    use text not null,
    kind text not null,
    model_digest text not null check (model_digest ~ '^[0-9a-f]{64}$'),
    report_digest text not null check (report_digest ~ '^[0-9a-f]{64}$'),
    passed boolean not null,
    tested_at timestamptz not null,
    expires timestamptz not null,
    recorded_by uuid not null references people,
    check (expires > tested_at and expires <= tested_at + interval '36 months')
  )`,
  `create index on governance_tests (use, model_digest, kind, place desc)`,
  `create table governance_training (
    place bigint generated always as identity primary key,
    person_id uuid not null references people,
    use text not null,
    module text not null,
    completed_at timestamptz not null,
    expires timestamptz not null,
    recorded_by uuid not null references people,
    check (expires > completed_at and expires <= completed_at + interval '36 months'),
    check (recorded_by <> person_id)
  )`,
  `create index on governance_training (person_id, use, expires)`,
  `create table governance_waivers (
    id uuid primary key,
    registration_id uuid not null references governance_registrations,
    kind text not null check (kind in ('waiver', 'pilot')),
    requirement text not null check (requirement in ('tests', 'training')),
    site text not null,
    reason text not null check (length(reason) >= 40),
    public_summary text not null check (length(public_summary) >= 40),
    granted_by uuid not null references people,
    granted_at timestamptz not null,
    expires timestamptz not null,
    reported_at timestamptz,
    revoked_at timestamptz,
    revoked_by uuid references people,
    check (site <> '*'),
    check (expires > granted_at and expires <= granted_at + interval '1 year')
  )`,
  `create table governance_suspensions (
    id uuid primary key,
    use text not null,
    cause text not null check (cause in ('person', 'test', 'drift', 'incident')),
    reason text not null check (length(reason) >= 3),
    suspended_by text not null,
    suspended_at timestamptz not null,
    told uuid[] not null,
    lifted_at timestamptz,
    lifted_by uuid references people,
    lift_reason text,
    check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null)),
    check (lifted_by::text <> suspended_by)
  )`,
  `create index on governance_suspensions (use) where lifted_at is null`,
  `create table governance_permits (
    id uuid primary key,
    registration_id uuid not null references governance_registrations,
    use text not null,
    site text not null,
    purpose text not null,
    claims jsonb not null,
    signature text not null,
    issued_by uuid not null references people,
    issued_at timestamptz not null,
    expires timestamptz not null,
    revoked_at timestamptz,
    revoked_by uuid references people,
    revoke_reason text,
    check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoke_reason is null))
  )`,
  `create index on governance_permits (use, site, purpose)`,
  `create table governance_modes (
    place bigint generated always as identity primary key,
    mode text not null check (mode in ('evaluation', 'enforced')),
    reason text not null,
    proposed_by text not null,
    proposed_at timestamptz not null,
    confirmed_by uuid references people,
    confirmed_at timestamptz,
    check ((confirmed_by is null) = (confirmed_at is null)),
    check (confirmed_by::text <> proposed_by)
  )`,
  // One row at most: the latest moment that was ever seen here, so that a clock moved back is noticed.
  `create table governance_clock (single boolean primary key default true check (single), latest timestamptz not null)`,
];

const functions = [
  // A waiver that was not reported within 30 days no longer stands.
  `create function governance_waived(wanted uuid, at_site text, what text, moment timestamptz)
    returns boolean language sql stable as $$
    select exists (select 1 from governance_waivers w
      where w.registration_id = wanted and w.site = at_site and w.requirement = what
        and w.granted_at <= moment and moment < w.expires and w.revoked_at is null
        and (w.reported_at <= w.granted_at + interval '30 days'
          or (w.reported_at is null and moment <= w.granted_at + interval '30 days')))
  $$`,
  // What is missing for a use at a site: an empty list is the only answer under which models run.
  `create function governance_lacks(wanted uuid, at_site text, moment timestamptz) returns text[] language sql stable as $$
    with r as (select * from governance_registrations where id = wanted)
    select array(
      select 'registration' where not exists (select 1 from r)
      union all
      select 'sign-off ' || office from unnest(array['privacy', 'civil-rights', 'ocio', 'caio']) as o (office)
        where coalesce((select s.verdict from governance_sign_offs s
          where s.registration_id = wanted and s.office = o.office order by s.place desc limit 1), '') <> 'signed'
      union all
      select 'test of ' || (m ->> 'id') from r, jsonb_array_elements(r.models) m
        where (not exists (select 1 from governance_tests t where t.use = r.use and t.model_digest = m ->> 'digest')
            and not governance_waived(wanted, at_site, 'tests', moment))
          or exists (
            select 1 from (select distinct on (t.kind) t.passed, t.expires from governance_tests t
              where t.use = r.use and t.model_digest = m ->> 'digest' order by t.kind, t.place desc) newest
            where not newest.passed
              or (newest.expires <= moment and not governance_waived(wanted, at_site, 'tests', moment)))
      union all
      select 'suspended' from r where exists (
        select 1 from governance_suspensions s where s.use = r.use and s.lifted_at is null)
    )
  $$`,
  `create function governance_holds(person uuid, wanted text) returns boolean language sql stable as $$
    select exists (select 1 from grants g join people p on p.id = g.person_id
      where g.person_id = person and g.site = '*' and g.role = wanted and p.disabled_at is null)
  $$`,
  // Lets only the named columns be filled, once.
  `create function governance_fills_once() returns trigger language plpgsql as $$
    declare was jsonb := to_jsonb(old); now_is jsonb := to_jsonb(new); i integer := 0;
    begin
      while i < tg_nargs loop
        if was ->> tg_argv[i] is not null and was -> tg_argv[i] is distinct from now_is -> tg_argv[i] then
          raise exception '% of % is set once', tg_argv[i], tg_table_name;
        end if;
        was := was - tg_argv[i]; now_is := now_is - tg_argv[i]; i := i + 1;
      end loop;
      if was is distinct from now_is then raise exception '% keeps what was written', tg_table_name; end if;
      return new;
    end $$`,
  `create function governance_keeps() returns trigger language plpgsql as $$
    begin raise exception '% keeps what was written', tg_table_name; end $$`,
  `create function governance_checks_sign_off() returns trigger language plpgsql as $$
    begin
      perform 1 from governance_registrations where id = new.registration_id for update;
      if new.person_id = (select author_id from governance_registrations where id = new.registration_id) then
        raise exception 'nobody signs their own work';
      end if;
      if exists (select 1 from governance_sign_offs s where s.registration_id = new.registration_id
          and s.person_id = new.person_id and s.office <> new.office) then
        raise exception 'nobody signs for two offices';
      end if;
      if not governance_holds(new.person_id, case new.office
          when 'ocio' then 'admin' when 'caio' then 'ai-governance' else new.office end) then
        raise exception 'only a member of the office signs for it';
      end if;
      return new;
    end $$`,
  `create function governance_checks_waiver() returns trigger language plpgsql as $$
    begin
      if new.granted_by = (select author_id from governance_registrations where id = new.registration_id) then
        raise exception 'nobody waives for their own work';
      end if;
      if not governance_holds(new.granted_by, 'ai-governance') then
        raise exception 'only the office of AI governance waives';
      end if;
      return new;
    end $$`,
  `create function governance_checks_permit() returns trigger language plpgsql as $$
    declare r governance_registrations; lacks text[];
    begin
      select * into r from governance_registrations where id = new.registration_id for update;
      lacks := governance_lacks(new.registration_id, new.site, now());
      if cardinality(lacks) > 0 then raise exception 'no permit: %', array_to_string(lacks, ', '); end if;
      if new.issued_by = r.author_id or not governance_holds(new.issued_by, 'ai-governance') then
        raise exception 'no permit: who issues it is not of AI governance, or wrote the charter';
      end if;
      if new.revoked_at is not null or new.use <> r.use or not (new.purpose = any (r.purposes))
        or new.claims ->> 'id' is distinct from new.id::text
        or new.claims ->> 'use' is distinct from new.use
        or new.claims ->> 'site' is distinct from new.site
        or new.claims ->> 'purpose' is distinct from new.purpose
        or (new.claims ->> 'expires')::timestamptz is distinct from new.expires
        or new.claims -> 'models' is distinct from r.models then
        raise exception 'no permit: its claims are not those of the registration';
      end if;
      return new;
    end $$`,
  `create function governance_checks_mode() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if new.mode = 'evaluation' and new.confirmed_at is not null then raise exception 'a second person confirms'; end if;
        if new.mode = 'evaluation' and not (governance_holds(new.proposed_by::uuid, 'admin')
            or governance_holds(new.proposed_by::uuid, 'ai-governance')) then
          raise exception 'only an admin and AI governance together end enforcement';
        end if;
      elsif new.confirmed_by is not null then
        if not ((governance_holds(new.proposed_by::uuid, 'admin') and governance_holds(new.confirmed_by, 'ai-governance'))
            or (governance_holds(new.proposed_by::uuid, 'ai-governance') and governance_holds(new.confirmed_by, 'admin'))) then
          raise exception 'only an admin and AI governance together end enforcement';
        end if;
      end if;
      return new;
    end $$`,
  `create function governance_clock_rises() returns trigger language plpgsql as $$
    begin
      if new.latest < old.latest then raise exception 'the clock only goes forward'; end if;
      return new;
    end $$`,
];

/** Columns of each table that may be filled later, once. */
const filledLater: Readonly<Record<string, readonly string[]>> = {
  governance_registrations: [],
  governance_sign_offs: [],
  governance_tests: [],
  governance_training: [],
  governance_waivers: ['reported_at', 'revoked_at', 'revoked_by'],
  governance_suspensions: ['lifted_at', 'lifted_by', 'lift_reason'],
  governance_permits: ['revoked_at', 'revoked_by', 'revoke_reason'],
  governance_modes: ['confirmed_by', 'confirmed_at'],
};

const triggers = [
  ...Object.entries(filledLater).flatMap(([table, columns]) => [
    `create trigger ${table}_fills_once before update on ${table}
      for each row execute function governance_fills_once(${columns.map((column) => `'${column}'`).join(', ')})`,
    `create trigger ${table}_keeps before delete or truncate on ${table}
      for each statement execute function governance_keeps()`,
  ]),
  `create trigger governance_sign_offs_check before insert on governance_sign_offs
    for each row execute function governance_checks_sign_off()`,
  `create trigger governance_waivers_check before insert on governance_waivers
    for each row execute function governance_checks_waiver()`,
  `create trigger governance_permits_check before insert on governance_permits
    for each row execute function governance_checks_permit()`,
  `create trigger governance_modes_check before insert or update on governance_modes
    for each row execute function governance_checks_mode()`,
  `create trigger governance_clock_rises before update on governance_clock
    for each row execute function governance_clock_rises()`,
  `create trigger governance_clock_keeps before delete or truncate on governance_clock
    for each statement execute function governance_keeps()`,
];
