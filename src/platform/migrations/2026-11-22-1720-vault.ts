import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../store/migrate.ts';

/** Secrets; the vault's objects with their keys, its erasures, and retention classes. */
export const vault: SchemaStep = {
  name: '2026-11-22-1720-vault',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table secrets (
        name text not null check (name <> ''),
        version integer not null check (version > 0),
        wrapped bytea not null,
        created_at timestamptz not null default now(),
        primary key (name, version)
      )`.execute(db);
    await sql`
      create table retention_classes (
        name text primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
        days integer check (days >= 0),
        counts_from text not null check (counts_from in ('created', 'case-closed')),
        description text not null
      )`.execute(db);
    await sql`
      insert into retention_classes (name, days, counts_from, description) values
        ('case', 2190, 'case-closed', 'Six years after its case was closed.'),
        ('working', 30, 'case-closed', 'Copies made on the way: 30 days after their case was closed.'),
        ('routine', 30, 'created', 'Routine recordings that nothing happened in: 30 days after they came in.'),
        ('permanent', null, 'created', 'Never erased here.')`.execute(db);
    await sql`
      alter table assets add constraint assets_retention_fkey
        foreign key (retention) references retention_classes`.execute(db);
    // An object's row is written before that of its asset, so that two who bring the same id meet here.
    await sql`
      create table vault_objects (
        asset_id uuid primary key references assets deferrable initially deferred,
        object text not null unique,
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        bytes bigint not null check (bytes >= 0),
        wrapped_key bytea not null,
        created_at timestamptz not null default now()
      )`.execute(db);
    await sql`
      create table vault_erasures (
        asset_id uuid primary key references assets,
        because_of uuid not null references assets,
        reason text not null check (reason <> ''),
        erased_by uuid not null,
        erased_at timestamptz not null
      )`.execute(db);
  },
};
