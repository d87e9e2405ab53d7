import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/**
 * Notices, passages through lanes that may capture a face, standing opt-outs, corrections and appeals. What lets
 * a face be captured stands here once, as `capture_lacks`: triggers ask it when the gate answers and again when the camera
 * says that it captured, by whatever way the row comes in.
 */
export const redressStep: SchemaStep = {
  name: '2026-11-22-2310-redress',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...captures, ...captureRules, ...requests]) await sql.raw(statement).execute(db);
  },
};

const captures = [
  `create table redress_notices (
    id uuid primary key,
    use text not null check (use ~ '^[a-z][a-z0-9-]{0,62}$'),
    language text not null check (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
    version integer not null check (version > 0),
    notice text not null check (length(notice) between 40 and 8000),
    opting_out text not null check (length(opting_out) between 20 and 8000),
    counsel text not null check (length(counsel) >= 3),
    effective timestamptz not null,
    ends timestamptz not null,
    published_by uuid not null references people,
    published_at timestamptz not null,
    check (ends > effective and ends <= effective + interval '36 months'),
    unique (use, language, version)
  )`,
  // One row is one traveller at a lane, without a word about who it was.
  `create table capture_passages (
    id uuid primary key,
    site_id text not null references sites,
    lane text not null check (lane ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
    use text not null,
    purpose text not null,
    verdict text not null check (verdict in ('capture', 'alternative', 'refused')),
    reason text not null check (length(reason) between 3 and 100),
    opted_out boolean not null,
    authority text check (length(authority) >= 3),
    permit_id uuid references governance_permits,
    notice_id uuid references redress_notices,
    asked_by uuid not null references people,
    asked_at timestamptz not null,
    token_expires timestamptz,
    signature text,
    captured_at timestamptz,
    waited_seconds double precision check (waited_seconds between 0 and 86400),
    processed_seconds double precision check (processed_seconds between 0 and 86400),
    outcome text check (outcome in ('passed', 'referred', 'refused')),
    completed_at timestamptz,
    check ((verdict = 'capture') = (permit_id is not null and token_expires is not null and signature is not null)),
    check (verdict <> 'alternative' or opted_out),
    check (captured_at is null or verdict = 'capture'),
    check ((completed_at is null) = (waited_seconds is null) and (completed_at is null) = (processed_seconds is null)
      and (completed_at is null) = (outcome is null))
  )`,
  `create index on capture_passages (use, site_id, lane, asked_at)`,
  `create index on capture_passages (asked_at)`,
  // What is left of passages that are kept no longer.
  `create table capture_counts (
    month date not null,
    site_id text not null references sites,
    lane text not null,
    use text not null,
    kind text not null,
    passages bigint not null check (passages > 0),
    primary key (month, site_id, lane, use, kind)
  )`,
  `create table redress_site_keys (site_id text primary key references sites, wrapped bytea not null)`,
  `create table redress_standing (
    id uuid primary key,
    site_id text not null references sites,
    commitment bytea not null check (length(commitment) = 32),
    recorded_by uuid not null references people,
    recorded_at timestamptz not null,
    expires timestamptz not null,
    check (expires > recorded_at and expires <= recorded_at + interval '5 years'),
    unique (site_id, commitment)
  )`,
  `create index on redress_standing (expires)`,
];

const captureRules = [
  `create function capture_notice(of_use text, of_language text, moment timestamptz) returns uuid language sql stable as $$
    select newest.id from (select n.id, n.ends from redress_notices n
      where n.use = of_use and n.language = of_language and n.effective <= moment
      order by n.version desc limit 1) newest where newest.ends > moment
  $$`,
  // Why a face may not be captured, or null. Only law enforcement under a law that the charter names goes without a notice.
  `create function capture_lacks(p capture_passages, moment timestamptz) returns text language sql stable as $$
    select case
      when p.opted_out and p.authority is null then 'the traveller opted out'
      when not exists (select 1 from governance_permits g where g.id = p.permit_id and g.use = p.use
        and g.purpose = p.purpose and g.site in (p.site_id, '*') and g.revoked_at is null and g.expires > moment
        and cardinality(governance_lacks(g.registration_id, p.site_id, moment)) = 0) then 'no permit holds'
      when p.authority is not null and not exists (
        select 1 from governance_permits g join governance_registrations r on r.id = g.registration_id,
          jsonb_array_elements(coalesce(r.charter -> 'authority', '[]')) a
        where g.id = p.permit_id and a ->> 'citation' = p.authority) then 'the charter does not name that authority'
      when p.authority is null and not exists (select 1 from redress_notices n
        where n.id = p.notice_id and n.id = capture_notice(p.use, n.language, moment)) then 'no current notice was shown'
    end
  $$`,
  `create function capture_checks_question() returns trigger language plpgsql as $$
    declare lacks text;
    begin
      if new.captured_at is not null or new.completed_at is not null then
        raise exception 'a passage begins with the question to the gate';
      end if;
      if abs(extract(epoch from new.asked_at - clock_timestamp())) > 60 then
        raise exception 'the gate was asked at another time than now';
      end if;
      if new.verdict = 'capture' then
        if new.token_expires > new.asked_at + interval '30 seconds' then raise exception 'a token lives 30 seconds at most'; end if;
        lacks := capture_lacks(new, clock_timestamp());
        if lacks is not null then raise exception 'no capture: %', lacks; end if;
      end if;
      return new;
    end $$`,
  `create function capture_checks_answer() returns trigger language plpgsql as $$
    declare lacks text;
    begin
      if new.captured_at is not null and old.captured_at is null then
        if clock_timestamp() >= old.token_expires then raise exception 'no capture: the token expired'; end if;
        if abs(extract(epoch from new.captured_at - clock_timestamp())) > 60 then
          raise exception 'no capture: at another time than now';
        end if;
        lacks := capture_lacks(new, clock_timestamp());
        if lacks is not null then raise exception 'no capture: %', lacks; end if;
      end if;
      return new;
    end $$`,
  `create trigger capture_passages_question before insert on capture_passages
    for each row execute function capture_checks_question()`,
  `create trigger capture_passages_answer before update on capture_passages
    for each row execute function capture_checks_answer()`,
  `create trigger capture_passages_fills_once before update on capture_passages for each row execute function
    governance_fills_once('captured_at', 'waited_seconds', 'processed_seconds', 'outcome', 'completed_at')`,
  `create function capture_keeps_young() returns trigger language plpgsql as $$
    begin
      if old.asked_at > now() - interval '400 days' then raise exception 'a passage is kept 400 days'; end if;
      return old;
    end $$`,
  `create trigger capture_passages_keeps_young before delete on capture_passages
    for each row execute function capture_keeps_young()`,
  `create trigger capture_passages_keeps before truncate on capture_passages
    for each statement execute function governance_keeps()`,
  `create function capture_kind(p capture_passages) returns text language sql immutable as $$
    select case
      when p.verdict = 'refused' then 'refused'
      when p.verdict = 'alternative' then case when p.completed_at is null then 'offered' else 'alternative' end
      when p.captured_at is null then 'not-used'
      when p.authority is not null then 'exempt'
      else 'captured' end
  $$`,
  `create function redress_checks_notice() returns trigger language plpgsql as $$
    begin
      if not governance_holds(new.published_by, 'privacy') then
        raise exception 'only the Privacy office publishes notices';
      end if;
      return new;
    end $$`,
  `create trigger redress_notices_check before insert on redress_notices
    for each row execute function redress_checks_notice()`,
  `create trigger redress_notices_fills_once before update on redress_notices
    for each row execute function governance_fills_once()`,
  `create trigger redress_notices_keeps before delete or truncate on redress_notices
    for each statement execute function governance_keeps()`,
];

const requests = [
  `create table redress_clocks (
    place bigint generated always as identity primary key,
    kind text not null check (kind in ('correction', 'appeal')),
    version text not null check (length(version) between 1 and 100),
    source text not null check (length(source) >= 3),
    working_days integer not null check (working_days between 1 and 260),
    extension_days integer not null check (extension_days between 0 and 260),
    effective date not null,
    ends date check (ends >= effective),
    set_by uuid not null references people,
    set_at timestamptz not null,
    unique (kind, version)
  )`,
  `create table redress_requests (
    id uuid primary key,
    site_id text not null references sites,
    kind text not null check (kind in ('correction', 'appeal')),
    about text not null check (about in ('finding', 'decision', 'enforcement', 'request')),
    about_id uuid not null,
    case_reference text not null check (length(case_reference) between 1 and 100),
    rule text not null,
    received_at timestamptz not null,
    due_at timestamptz not null check (due_at > received_at),
    recorded_by uuid not null references people,
    extended_to timestamptz check (extended_to > due_at),
    extended_by uuid references people,
    extended_at timestamptz,
    extension_reason text check (length(extension_reason) >= 3),
    decided_by uuid references people,
    decided_at timestamptz,
    outcome text check (outcome in ('granted', 'partly', 'denied')),
    decision_reason text check (length(decision_reason) >= 3),
    notified_by uuid references people,
    notified_at timestamptz,
    check ((extended_to is null) = (extended_by is null) and (extended_to is null) = (extended_at is null)
      and (extended_to is null) = (extension_reason is null)),
    check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (outcome is null)
      and (decided_by is null) = (decision_reason is null)),
    check ((notified_by is null) = (notified_at is null) and (notified_by is null or decided_by is not null))
  )`,
  `create index on redress_requests (site_id, received_at)`,
  `create index on redress_requests (due_at) where notified_at is null`,
  `create table redress_recipients (
    id uuid primary key,
    request_id uuid not null references redress_requests,
    release_id uuid references releases,
    recipient text check (length(recipient) between 1 and 200),
    told_by uuid references people,
    told_at timestamptz,
    check ((release_id is null) <> (recipient is null)),
    check ((told_by is null) = (told_at is null)),
    unique (request_id, release_id)
  )`,
  // Whoever decided first does not decide whether that was right.
  `create function redress_first_deciders(what text, which uuid) returns setof uuid language sql stable as $$
    with recursive chain (about, id) as (
      select what, which
      union select r.about, r.about_id from chain c join redress_requests r on c.about = 'request' and r.id = c.id
    )
    select d.decided_by from chain c join decisions d on (c.about = 'decision' and d.id = c.id)
      or (c.about = 'finding' and d.finding_id = c.id)
    union select unnest(array[e.proposed_by, e.confirmed_by]) from chain c
      join enforcement_records e on c.about = 'enforcement' and e.id = c.id
    union select r.decided_by from chain c join redress_requests r on c.about = 'request' and r.id = c.id
  $$`,
  `create function redress_checks_request() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if num_nonnulls(new.extended_to, new.decided_by, new.notified_by) > 0 then
          raise exception 'a request begins undecided';
        end if;
      elsif old.decided_by is null then
        if exists (select 1 from redress_first_deciders(new.about, new.about_id) f where f = new.decided_by) then
          raise exception 'whoever decided first does not decide about it again';
        end if;
      elsif new.extended_to is distinct from old.extended_to then
        raise exception 'what is decided is not extended';
      end if;
      return new;
    end $$`,
  `create trigger redress_requests_check before insert or update on redress_requests
    for each row execute function redress_checks_request()`,
  `create trigger redress_requests_fills_once before update on redress_requests for each row execute function
    governance_fills_once('extended_to', 'extended_by', 'extended_at', 'extension_reason', 'decided_by', 'decided_at',
      'outcome', 'decision_reason', 'notified_by', 'notified_at')`,
  `create trigger redress_recipients_fills_once before update on redress_recipients
    for each row execute function governance_fills_once('told_by', 'told_at')`,
  `create trigger redress_clocks_fills_once before update on redress_clocks
    for each row execute function governance_fills_once()`,
  ...['redress_requests', 'redress_recipients', 'redress_clocks'].map(
    (table) => `create trigger ${table}_keeps before delete or truncate on ${table}
      for each statement execute function governance_keeps()`,
  ),
];
