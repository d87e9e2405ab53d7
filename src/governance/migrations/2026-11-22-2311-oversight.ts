import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/** Incidents, and tables by group out of the reports of tests. */
export const oversightStep: SchemaStep = {
  name: '2026-11-22-2311-oversight',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of oversight) await sql.raw(statement).execute(db);
  },
};

const oversight = [
  `create table oversight_incidents (
    id uuid primary key,
    use text not null check (use ~ '^[a-z][a-z0-9-]{0,62}$'),
    severity text not null check (severity in ('low', 'moderate', 'serious', 'critical')),
    what text not null check (length(what) between 10 and 8000),
    happened_at timestamptz not null,
    reported_by uuid not null references people,
    reported_at timestamptz not null,
    told uuid[] not null,
    told_outside text[] not null,
    suspension_id uuid references governance_suspensions,
    closed_by uuid references people,
    closed_at timestamptz,
    resolution text check (length(resolution) >= 10),
    check (happened_at <= reported_at + interval '1 minute'),
    check ((closed_by is null) = (closed_at is null) and (closed_by is null) = (resolution is null))
  )`,
  `create trigger oversight_incidents_fills_once before update on oversight_incidents for each row execute function
    governance_fills_once('suspension_id', 'closed_by', 'closed_at', 'resolution')`,
  `create trigger oversight_incidents_keeps before delete or truncate on oversight_incidents
    for each statement execute function governance_keeps()`,
  // From the report whose digest the test was recorded with.
  `create table oversight_group_rates (
    test_id uuid not null references governance_tests (id),
    group_name text not null check (length(group_name) between 1 and 200),
    metric text not null check (metric in ('fmr', 'fnmr')),
    errors bigint not null,
    trials bigint not null,
    simulated boolean not null,
    primary key (test_id, group_name, metric),
    check (errors between 0 and trials)
  )`,
  `create trigger oversight_group_rates_fills_once before update on oversight_group_rates
    for each row execute function governance_fills_once()`,
  `create trigger oversight_group_rates_keeps before delete or truncate on oversight_group_rates
    for each statement execute function governance_keeps()`,
];
