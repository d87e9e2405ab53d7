import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** What an office knows a case by, who works on it, numbers of exhibits, whose a finding is, and what work took by hand. */
export const casesAndFindings: SchemaStep = {
  name: '2026-11-22-1840-cases-and-findings',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create sequence case_numbers`.execute(db);
    // Numbers that are made begin with TW-, which no given one may: so they never meet.
    await sql`
      alter table cases
        add column number text not null
          default ('TW-' || to_char(now(), 'YYYY') || '-' || lpad(nextval('case_numbers')::text, 6, '0')),
        add column kind text not null default 'internal' check (kind in ('foia', 'court', 'partner', 'internal')),
        add column received_at timestamptz not null default now(),
        add column assignees jsonb not null default '[]',
        add column extensions jsonb not null default '[]'`.execute(db);
    // A backup keeps where a column's own sequence stands.
    await sql`alter sequence case_numbers owned by cases.number`.execute(db);
    await sql`update cases set received_at = created_at`.execute(db);
    await sql`create unique index cases_by_number on cases (site_id, lower(number))`.execute(db);
    await sql`create index cases_by_due on cases (coalesce(due_at, 'infinity'), id) where state = 'open'`.execute(
      db,
    );

    await sql`alter table assets add column exhibit integer check (exhibit > 0)`.execute(db);
    await sql`
      update assets set exhibit = numbered.place
      from (
        select id, row_number() over (partition by case_id order by created_at, id) as place
        from assets where role = 'original'
      ) numbered
      where numbered.id = assets.id`.execute(db);
    await sql`create unique index assets_by_exhibit on assets (case_id, exhibit) where exhibit is not null`.execute(
      db,
    );
    // Two files that come at once are numbered one after the other: the second waits for the case's row.
    await sql`
      create function number_exhibit() returns trigger language plpgsql as $$
      begin
        perform 1 from cases where id = new.case_id for no key update;
        select coalesce(max(exhibit), 0) + 1 into new.exhibit from assets where case_id = new.case_id;
        return new;
      end $$`.execute(db);
    await sql`
      create trigger assets_number_exhibit before insert on assets
      for each row when (new.role = 'original' and new.exhibit is null) execute function number_exhibit()`.execute(
      db,
    );

    await sql`
      alter table findings
        add column assigned_to uuid,
        add column assigned_at timestamptz,
        add constraint findings_assigned check ((assigned_to is null) = (assigned_at is null))`.execute(db);
    await sql`
      create index findings_by_score on findings ((-coalesce(score, -1)::double precision), created_at, id)`.execute(
      db,
    );
    await sql`create index findings_by_assignee on findings (assigned_to) where assigned_to is not null`.execute(
      db,
    );
    await sql`alter table decisions add column taken_at timestamptz`.execute(db);
    // Uses decide by routes of their own too: whoever does, the first decision knows when its author had taken the finding.
    await sql`
      create function note_taken() returns trigger language plpgsql as $$
      begin
        if not exists (select 1 from decisions where finding_id = new.finding_id) then
          select assigned_at into new.taken_at from findings
          where id = new.finding_id and assigned_to = new.decided_by;
        end if;
        return new;
      end $$`.execute(db);
    await sql`
      create trigger decisions_note_taken before insert on decisions
      for each row execute function note_taken()`.execute(db);

    await sql`
      create table baselines (
        use text primary key,
        minutes double precision not null check (minutes > 0),
        source text not null check (source <> ''),
        set_by uuid not null,
        set_at timestamptz not null
      )`.execute(db);
  },
};
