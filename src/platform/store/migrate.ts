import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import type { Database } from './database.ts';

/** PostgreSQL: insufficient privilege. */
const NO_RIGHT = '42501';

/** One step of the schema. Steps are never changed once released; what was wrong is mended by a later one. */
export interface SchemaStep {
  /** When and what: `2026-11-22-1700-store`. Steps of all uses run in the order of their names. */
  readonly name: string;
  /** Knows no tables by type: those of the day it was written are no longer those of today. */
  up(db: Kysely<unknown>): Promise<void>;
}

/**
 * Brings the schema up to date. Several processes may do so at once; one of them does the work.
 * @returns names of the steps that were taken.
 * @throws TidewaiterError `E_SCHEMA` when a step fails (nothing of it stays), or when the database is newer than this.
 */
export async function migrate(db: Database, steps: readonly SchemaStep[]): Promise<string[]> {
  const names = steps.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`two steps of the schema are called ${twice}`);
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: () => Promise.resolve(Object.fromEntries(steps.map((step) => [step.name, step]))),
    },
    // Uses are written side by side, so a step may come in that is older than the newest one taken.
    allowUnorderedMigrations: true,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results.find(({ status }) => status === 'Error')?.migrationName;
    const { why, remedy } = whyNot(error);
    throw new TidewaiterError(
      'E_SCHEMA',
      `The database could not be brought up to date${failed === undefined ? '' : ` (step ${failed})`}: ${why}`,
      `Nothing was changed by that step. ${remedy}`,
      { cause: error },
    );
  }
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}

function whyNot(error: unknown): { why: string; remedy: string } {
  const why = error instanceof Error ? error.message : 'unknown reason';
  if (systemCode(error) === NO_RIGHT)
    return { why, remedy: 'Let the user of TIDEWAITER_DATABASE_URL own that database, and start again.' };
  const [, newer] = /previously executed migration (\S+) is missing/.exec(why) ?? [];
  return {
    why: newer === undefined ? why : `a newer version of Tidewaiter has written it (step ${newer})`,
    remedy: 'Use the version that wrote this database, or restore a backup.',
  };
}
