import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/**
 * Oversight of people: training with graded cases, notices to officers, findings that were seeded on purpose, and the
 * documents of a use. Who may decide about a finding is asked in the database, so that every way to a decision asks it.
 */
export const trainingStep: SchemaStep = {
  name: '2026-11-22-2330-training',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers]) await sql.raw(statement).execute(db);
  },
};

const tables = [
  `create table training_releases (
    place bigint generated always as identity primary key,
    module text not null,
    version integer not null check (version > 0),
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    released_by uuid not null references people,
    released_at timestamptz not null
  )`,
  `create table training_attempts (
    id uuid primary key,
    person_id uuid not null references people,
    module text not null,
    version integer not null,
    digest text not null,
    cases text[] not null check (cardinality(cases) > 0),
    opened_at timestamptz not null,
    answers jsonb,
    score integer check (score between 0 and cardinality(cases)),
    passed boolean,
    answered_at timestamptz,
    check (num_nulls(answers, score, passed, answered_at) in (0, 4))
  )`,
  `create index on training_attempts (person_id, module, opened_at desc)`,
  // The newest row of a use holds; no module stands for any of the use.
  `create table training_requirements (
    place bigint generated always as identity primary key,
    use text not null,
    required boolean not null,
    module text,
    reason text not null check (length(reason) >= 3),
    set_by uuid not null references people,
    set_at timestamptz not null
  )`,
  `create index on training_requirements (use, place desc)`,
  `create table officer_notices (
    place bigint generated always as identity primary key,
    id uuid not null unique,
    use text not null,
    site text not null,
    version integer not null check (version > 0),
    content jsonb not null,
    put_by uuid not null references people,
    put_at timestamptz not null,
    unique (use, site, version)
  )`,
  `create index on officer_notices (use, site, place desc)`,
  `create table officer_notice_readers (
    notice_id uuid not null references officer_notices (id),
    person_id uuid not null references people,
    at timestamptz not null,
    primary key (notice_id, person_id)
  )`,
  `create table seed_plans (
    id uuid primary key,
    site_id text not null references sites,
    use text not null,
    kind text not null,
    rate double precision not null check (rate > 0 and rate <= 0.2),
    wrong_share double precision not null check (wrong_share between 0 and 1),
    reason text not null check (length(reason) >= 3),
    set_by uuid not null references people,
    set_at timestamptz not null,
    ended_at timestamptz,
    ended_by uuid references people,
    check ((ended_at is null) = (ended_by is null))
  )`,
  `create unique index seed_plans_running on seed_plans (site_id, use, kind) where ended_at is null`,
  // Apart from findings: no statistic, export, release or record of enforcement that reads or refers to findings can meet one.
  `create table seeded_findings (
    id uuid primary key,
    site_id text not null references sites,
    case_id uuid references cases,
    use text not null,
    kind text not null,
    score real check (score between 0 and 1),
    reasons jsonb not null,
    evidence jsonb not null,
    models jsonb not null,
    created_at timestamptz not null,
    assigned_to uuid,
    assigned_at timestamptz,
    check ((assigned_to is null) = (assigned_at is null))
  )`,
  `create index on seeded_findings (site_id, created_at desc, id desc)`,
  // What a seed is. It holds whether it waits to be shown, is shown, or was decided.
  `create table seed_marks (
    finding_id uuid primary key,
    plan_id uuid not null references seed_plans,
    truth text not null check (truth in ('wrong', 'right')),
    origin_id uuid not null references findings,
    explanation text not null,
    shown_from timestamptz,
    decided_by uuid references people,
    decided_at timestamptz,
    agreed boolean,
    counts boolean,
    check (num_nulls(decided_by, decided_at, agreed, counts) in (0, 4))
  )`,
  `create unique index on seed_marks (plan_id, origin_id)`,
  `create index on seed_marks (decided_by, decided_at desc) where decided_by is not null`,
  `create table use_documents (
    id uuid primary key,
    registration_id uuid not null references governance_registrations,
    kind text not null check (kind in ('privacy-threshold-analysis', 'ai-impact-assessment')),
    version integer not null check (version > 0),
    sealed_at timestamptz,
    unique (registration_id, kind)
  )`,
  `create table use_document_versions (
    document_id uuid not null references use_documents,
    version integer not null check (version > 0),
    content jsonb not null,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    author_id uuid not null references people,
    at timestamptz not null,
    sealed_by uuid references people,
    sealed_at timestamptz,
    primary key (document_id, version),
    check ((sealed_by is null) = (sealed_at is null)),
    check (sealed_by <> author_id)
  )`,
];

const functions = [
  /*
   * The queue as who works in it sees it. A seed is there from the moment that was drawn for it. Two plain tables below
   * one condition, so that a page of the newest still reads no more than that page from each.
   */
  `create view findings_queue as
    select id, site_id, case_id, use, kind, score, reasons, evidence, models, created_at, assigned_to, assigned_at
    from (
      select id, site_id, case_id, use, kind, score, reasons, evidence, models, created_at, assigned_to, assigned_at,
        false as seeded from findings
      union all
      select id, site_id, case_id, use, kind, score, reasons, evidence, models, created_at, assigned_to, assigned_at,
        true as seeded from seeded_findings
    ) q where not seeded or created_at <= now()`,
  `create function queue_assign() returns trigger language plpgsql as $$
    begin
      update findings set assigned_to = new.assigned_to, assigned_at = new.assigned_at where id = new.id;
      if not found then
        update seeded_findings set assigned_to = new.assigned_to, assigned_at = new.assigned_at where id = new.id;
      end if;
      return new;
    end $$`,
  // Refuses in words that reach the person: the code stands in the detail, what to do in the hint.
  `create function check_may_decide(person uuid, wanted text, at_site text) returns void language plpgsql as $$
    declare required training_requirements; enforced boolean; unread uuid;
    begin
      select * into required from training_requirements r where r.use = wanted order by r.place desc limit 1;
      enforced := current_setting('tidewaiter.governance', true) = 'enforced' or coalesce((
        select mode from governance_modes where mode = 'enforced' or confirmed_at is not null
        order by place desc limit 1), '') = 'enforced';
      if (enforced or coalesce(required.required, false))
        and not exists (select 1 from governance_training t where t.person_id = person and t.use = wanted
          and (not coalesce(required.required, false) or required.module is null or t.module = required.module)
          and t.completed_at <= now() and now() < t.expires)
        and not exists (select 1 from governance_registrations g where g.use = wanted
          and governance_waived(g.id, at_site, 'training', now())) then
        raise exception 'You have no current training for %', wanted using errcode = 'TW001', detail = 'E_TRAINING',
          hint = 'Pass the module ' || coalesce(required.module, 'of this use') || ' first: it is listed under your training.';
      end if;
      for unread in select n.id from (select distinct on (site) id, site from officer_notices
          where use = wanted and site in (at_site, '*') order by site, place desc) n
        where not exists (select 1 from officer_notice_readers a where a.notice_id = n.id and a.person_id = person)
      loop
        raise exception 'The notice about AI in this queue is new to you' using errcode = 'TW001', detail = 'E_NOTICE_UNREAD',
          hint = 'Read the notice of ' || wanted || ' and acknowledge it, then decide.';
      end loop;
    end $$`,
  `create function decisions_check_person() returns trigger language plpgsql as $$
    declare f findings;
    begin
      select * into f from findings where id = new.finding_id;
      if found then perform check_may_decide(new.decided_by, f.use, f.site_id); end if;
      return new;
    end $$`,
  // Draws, for each finding that arrives, whether a seed of its queue follows within the hour.
  `create function seeds_follow() returns trigger language plpgsql as $$
    declare plan seed_plans; picked uuid; moment timestamptz;
    begin
      select * into plan from seed_plans p
        where p.site_id = new.site_id and p.use = new.use and p.kind = new.kind and p.ended_at is null;
      if not found or random() >= plan.rate then return null; end if;
      select m.finding_id into picked from seed_marks m
        where m.plan_id = plan.id and m.shown_from is null order by random() limit 1 for update skip locked;
      if picked is null then return null; end if;
      moment := clock_timestamp() + random() * interval '1 hour';
      update seed_marks set shown_from = moment where finding_id = picked;
      update seeded_findings set created_at = moment where id = picked;
      return null;
    end $$`,
  /*
   * Takes a decision about a seed: notes whether the person agreed with the machine, takes the seed out of the queue, and
   * makes no decision. No row comes back for what is no seed. Whoever decided the original knew the answer: not counted.
   */
  `create function decide_seed(finding uuid, person uuid, disposition text, moment timestamptz)
    returns table (seed_truth text, seed_explanation text, seed_agreed boolean, seed_taken timestamptz)
    language plpgsql as $$
    declare s seeded_findings; m seed_marks; said boolean := disposition <> 'dismissed';
    begin
      select * into s from seeded_findings where id = finding and created_at <= now() for update;
      if not found then return; end if;
      perform check_may_decide(person, s.use, s.site_id);
      select * into m from seed_marks where finding_id = finding for update;
      update seed_marks set decided_by = person, decided_at = moment, agreed = said,
        counts = not exists (select 1 from decisions d where d.finding_id = m.origin_id and d.decided_by = person)
        where finding_id = finding;
      delete from seeded_findings where id = finding;
      return query select m.truth, m.explanation, said,
        case when s.assigned_to = person then s.assigned_at end;
    end $$`,
  // A finding that is decided or referred to is never one that was seeded, whoever writes the row.
  `create function findings_are_no_seeds() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from seed_marks where finding_id = new.id) then
        raise exception 'a seeded finding never becomes a real one' using errcode = '23514';
      end if;
      return new;
    end $$`,
  `create function sealed_versions_keep() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' or (to_jsonb(old) - 'sealed_by' - 'sealed_at') is distinct from (to_jsonb(new) - 'sealed_by' - 'sealed_at')
        or old.sealed_at is not null then
        raise exception '% keeps what was written', tg_table_name;
      end if;
      return new;
    end $$`,
];

const kept = [
  'training_releases',
  'training_requirements',
  'officer_notices',
  'officer_notice_readers',
] as const;

const triggers = [
  ...kept.map(
    (table) => `create trigger ${table}_keeps before update or delete or truncate on ${table}
      for each statement execute function governance_keeps()`,
  ),
  `create trigger training_attempts_fills_once before update on training_attempts
    for each row execute function governance_fills_once('answers', 'score', 'passed', 'answered_at')`,
  `create trigger training_attempts_keeps before delete or truncate on training_attempts
    for each statement execute function governance_keeps()`,
  `create trigger seed_plans_fills_once before update on seed_plans
    for each row execute function governance_fills_once('ended_at', 'ended_by')`,
  `create trigger seed_marks_fills_once before update on seed_marks
    for each row execute function governance_fills_once('shown_from', 'decided_by', 'decided_at', 'agreed', 'counts')`,
  `create trigger use_document_versions_keep before update or delete on use_document_versions
    for each row execute function sealed_versions_keep()`,
  `create trigger findings_queue_assign instead of update on findings_queue
    for each row execute function queue_assign()`,
  `create trigger decisions_check_person before insert on decisions
    for each row execute function decisions_check_person()`,
  `create trigger findings_seeds_follow after insert on findings
    for each row execute function seeds_follow()`,
  `create trigger findings_are_no_seeds before insert on findings
    for each row execute function findings_are_no_seeds()`,
];
