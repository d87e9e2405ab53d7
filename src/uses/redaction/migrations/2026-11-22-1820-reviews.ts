import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../../platform/store/migrate.ts';

/** Reviews of redactions: their edits, who looks at them, and what was rendered from them. */
export const reviews: SchemaStep = {
  name: '2026-11-22-1820-reviews',
  // Jobs are named and not referred to: what they were is forgotten before what they made.
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table redaction_reviews (
        id uuid primary key,
        site_id text not null references sites,
        case_id uuid not null references cases,
        asset_id uuid not null references assets,
        profile text not null,
        reasons text,
        state text not null default 'analysing'
          check (state in ('analysing', 'open', 'waiting-for-approval', 'approved')),
        revision integer not null default 0,
        second_person boolean not null,
        job_id uuid not null,
        base_asset_id uuid references assets,
        finding_id uuid references findings,
        submitted_by uuid,
        created_by uuid not null,
        created_at timestamptz not null default now(),
        check ((state = 'analysing') = (base_asset_id is null))
      )`.execute(db);
    await sql`create index redaction_reviews_by_case on redaction_reviews (case_id, created_at desc, id desc)`.execute(
      db,
    );
    await sql`create index redaction_reviews_by_site on redaction_reviews (site_id, created_at desc, id desc)`.execute(
      db,
    );
    await sql`create index redaction_reviews_by_asset on redaction_reviews (asset_id)`.execute(db);
    await sql`
      create table redaction_edits (
        review_id uuid not null references redaction_reviews,
        seq integer not null check (seq > 0),
        id uuid not null,
        operation jsonb not null,
        made_by uuid not null,
        made_at timestamptz not null,
        primary key (review_id, seq),
        unique (review_id, id)
      )`.execute(db);
    await sql`
      create table redaction_presence (
        review_id uuid not null references redaction_reviews,
        person_id uuid not null,
        seen_at timestamptz not null,
        primary key (review_id, person_id)
      )`.execute(db);
    await sql`
      create table redaction_releases (
        id uuid primary key,
        review_id uuid not null references redaction_reviews,
        site_id text not null references sites,
        case_id uuid not null references cases,
        name text not null,
        title text not null,
        revision integer not null,
        plan_sha256 text not null check (plan_sha256 ~ '^[0-9a-f]{64}$'),
        job_id uuid not null,
        outcome text check (outcome in ('done', 'needs-review')),
        files jsonb,
        created_by uuid not null,
        created_at timestamptz not null default now(),
        check ((outcome is null) = (files is null))
      )`.execute(db);
    await sql`create index redaction_releases_by_review on redaction_releases (review_id, created_at desc, id desc)`.execute(
      db,
    );
  },
};
