import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/** Sealed sets, the one submission of each key to each, and what a use's scores looked like when it was accepted. */
export const acceptanceStep: SchemaStep = {
  name: '2026-11-22-2320-acceptance',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table acceptance_sets (
        commitment text primary key check (commitment ~ '^[0-9a-f]{64}$'),
        claims jsonb not null,
        lab_key text not null,
        registered_by uuid not null references people,
        registered_at timestamptz not null
      )`.execute(db);
    await sql`
      create table acceptance_submissions (
        id uuid primary key,
        commitment text not null references acceptance_sets,
        vendor text not null check (vendor ~ '^[0-9a-f]{64}$'),
        report jsonb not null,
        report_digest text not null check (report_digest ~ '^[0-9a-f]{64}$'),
        verdict text not null check (verdict in ('passed', 'failed', 'not-estimable')),
        submitted_by uuid not null references people,
        submitted_at timestamptz not null,
        test_id uuid references governance_tests (id),
        unique (commitment, vendor)
      )`.execute(db);
    // A set that was committed to after the test would be one chosen to fit.
    await sql`
      create function acceptance_checks_order() returns trigger language plpgsql as $$
      begin
        if (new.report -> 'claims' ->> 'startedAt')::timestamptz <=
            (select registered_at from acceptance_sets where commitment = new.commitment) then
          raise exception 'the set was not registered before the test';
        end if;
        return new;
      end $$`.execute(db);
    await sql`
      create trigger acceptance_submissions_order before insert on acceptance_submissions
      for each row execute function acceptance_checks_order()`.execute(db);
    await sql`
      create table drift_baselines (
        place bigint generated always as identity primary key,
        use text not null,
        scores real[] not null check (cardinality(scores) >= 1),
        from_at timestamptz not null,
        to_at timestamptz not null check (to_at > from_at),
        set_by uuid not null references people,
        set_at timestamptz not null
      )`.execute(db);
    await sql`
      create table drift_checks (
        use text not null,
        day date not null,
        result jsonb not null,
        suspension_id uuid references governance_suspensions,
        checked_at timestamptz not null,
        primary key (use, day)
      )`.execute(db);
    for (const [table, columns] of [
      ['acceptance_sets', ''],
      ['acceptance_submissions', "'test_id'"],
      ['drift_baselines', ''],
    ] as const) {
      await sql
        .raw(
          `create trigger ${table}_fills_once before update on ${table} for each row execute function governance_fills_once(${columns})`,
        )
        .execute(db);
      await sql
        .raw(
          `create trigger ${table}_keeps before delete or truncate on ${table} for each statement execute function governance_keeps()`,
        )
        .execute(db);
    }
  },
};
