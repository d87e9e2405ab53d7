import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/**
 * Records of law or civil enforcement. A deferred trigger looks at each record when its transaction commits, so that no
 * way in, direct SQL included, leaves one that rests on AI alone.
 */
export const enforcementStep: SchemaStep = {
  name: '2026-11-22-1920-enforcement',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  `create table enforcement_records (
    id uuid primary key,
    site_id text not null references sites,
    case_id uuid not null references cases,
    action text not null check (length(action) >= 3),
    authority text not null check (length(authority) >= 3),
    proposed_by uuid not null references people,
    proposed_at timestamptz not null,
    confirmed_by uuid references people,
    confirmed_at timestamptz,
    check ((confirmed_by is null) = (confirmed_at is null)),
    check (confirmed_by <> proposed_by)
  )`,
  `create index on enforcement_records (case_id)`,
  `create table enforcement_evidence (
    id uuid primary key,
    record_id uuid not null references enforcement_records,
    kind text not null check (kind in ('ai-lead', 'document', 'physical', 'testimony', 'observation', 'official-record')),
    what text not null check (length(what) >= 3),
    found_by uuid references people,
    rests_on_ai boolean not null,
    finding_id uuid references findings,
    model text,
    threshold double precision check (threshold between 0 and 1),
    errors bigint,
    trials bigint,
    error_kind text,
    check (kind <> 'ai-lead' or rests_on_ai),
    check (rests_on_ai or (found_by is not null and finding_id is null and model is null)),
    check ((kind = 'ai-lead') = (model is not null)),
    check ((kind = 'ai-lead') = (threshold is not null and errors is not null and trials is not null
      and error_kind is not null)),
    check (errors between 0 and trials and trials > 0)
  )`,
  `create index on enforcement_evidence (record_id)`,
  `create function enforcement_has_independent_evidence() returns trigger language plpgsql as $$
    declare wanted uuid;
    begin
      if tg_table_name = 'enforcement_records' then wanted := new.id; else wanted := new.record_id; end if;
      if not exists (select 1 from enforcement_evidence e where e.record_id = wanted and not e.rests_on_ai) then
        raise exception 'an enforcement record needs evidence that does not rest on AI'
          using errcode = '23514', constraint = 'enforcement_not_on_ai_alone';
      end if;
      return null;
    end $$`,
  `create constraint trigger enforcement_not_on_ai_alone after insert or update on enforcement_records
    deferrable initially deferred for each row execute function enforcement_has_independent_evidence()`,
  `create constraint trigger enforcement_evidence_not_on_ai_alone after insert or update on enforcement_evidence
    deferrable initially deferred for each row execute function enforcement_has_independent_evidence()`,
  // Evidence that came after the confirmation was not seen by who confirmed.
  `create function enforcement_is_complete() returns trigger language plpgsql as $$
    begin
      if (select confirmed_at from enforcement_records where id = new.record_id for update) is not null then
        raise exception 'the record is confirmed';
      end if;
      return new;
    end $$`,
  `create trigger enforcement_records_fills_once before update on enforcement_records
    for each row execute function governance_fills_once('confirmed_by', 'confirmed_at')`,
  `create trigger enforcement_records_unconfirmed before insert on enforcement_records
    for each row when (new.confirmed_at is not null) execute function governance_keeps()`,
  `create trigger enforcement_records_keeps before delete or truncate on enforcement_records
    for each statement execute function governance_keeps()`,
  `create trigger enforcement_evidence_complete before insert on enforcement_evidence
    for each row execute function enforcement_is_complete()`,
  `create trigger enforcement_evidence_fills_once before update on enforcement_evidence
    for each row execute function governance_fills_once()`,
  `create trigger enforcement_evidence_keeps before delete or truncate on enforcement_evidence
    for each statement execute function governance_keeps()`,
];
