import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { ledgerSchema } from '../../src/platform/ledger/ledger.ts';
import { store } from '../../src/platform/migrations/2026-11-22-1700-store.ts';
import { services } from '../../src/platform/migrations/2026-11-22-1760-services.ts';
import { fenced } from '../../src/platform/services/fenced.ts';
import { serviceKind, type ServiceKind } from '../../src/platform/services/kind.ts';
import { startService } from '../../src/platform/services/services.ts';
import type { ServiceTimes } from '../../src/platform/services/times.ts';
import type { Database } from '../../src/platform/store/database.ts';
import type { SchemaStep } from '../../src/platform/store/migrate.ts';
import type { TestDatabase, TestServer } from './postgres.ts';

/** Short, but long enough for a busy machine. */
export const times: ServiceTimes = {
  leaseMs: 2_000,
  beatMs: 400,
  pollMs: 200,
  firstRetryMs: 200,
  longestRetryMs: 800,
  healthyMs: 2_500,
};

/** What services of the kind `test.watch` saw: results that must be in the order of their generations. */
const seen: SchemaStep = {
  name: '2026-11-22-9999-seen',
  up: async (db) => {
    await sql`create table seen (id bigint generated always as identity, service uuid, generation integer)`.execute(
      db,
    );
  },
};

export async function withServices(server: TestServer): Promise<TestDatabase> {
  const database = await server.database([store, ledgerSchema, services, seen]);
  await database.db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
  return database;
}

export interface Told {
  readonly what: 'begun' | 'refused' | 'ended';
  readonly id: string;
  readonly generation: number;
  /** Nanoseconds on a clock that all processes of the machine share. */
  readonly at: string;
}

/** Watches, and keeps what it sees every 20 ms, fenced. */
export function watching(db: Database, tell: (told: Told) => void, concurrency = 50): ServiceKind {
  return serviceKind({
    name: 'test.watch',
    use: 'platform',
    settings: z.strictObject({ n: z.number() }),
    concurrency,
    run: async ({ id, settings: { n } }, { signal, generation, tell: note }) => {
      const say = (what: Told['what']): void =>
        tell({ what, id, generation, at: String(process.hrtime.bigint()) });
      say('begun');
      note({ n });
      while (!signal.aborted) {
        try {
          await db.transaction().execute(async (tx) => {
            await fenced(tx, { id, generation }, times);
            await sql`insert into seen (service, generation) values (${id}, ${generation})`.execute(tx);
          });
        } catch {
          // The database is away, or it is no longer ours; which of them, the runner finds out.
          say('refused');
        }
        await sleep(20, undefined, { signal }).catch(() => undefined);
      }
      say('ended');
    },
  });
}

export const by = randomUUID();
export const at = new Date(0);

export const begin = (db: Database, kind: ServiceKind, settings: object = { n: 1 }): Promise<string> =>
  db.transaction().execute((tx) => startService(tx, { kind, siteId: 'pier', settings, by, at }));

export const row = (db: Database, id: string) =>
  db.selectFrom('services').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** Generations in the order in which their results were kept. */
export async function kept(db: Database, id: string): Promise<number[]> {
  const { rows } = await sql<{ generation: number }>`
    select generation from seen where service = ${id} order by id`.execute(db);
  return rows.map(({ generation }) => generation);
}

/** Waits until it is so. @throws Error when that takes too long. */
export async function until(what: string, so: () => boolean | Promise<boolean>, ms = 8_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) if (await so()) return;
  throw new Error(`waited ${ms} ms in vain until ${what}`);
}
