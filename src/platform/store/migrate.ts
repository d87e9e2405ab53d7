import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database } from './database.ts';

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
    throw new TidewaiterError(
      'E_SCHEMA',
      `The database could not be brought up to date${failed === undefined ? '' : ` (step ${failed})`}: ${error instanceof Error ? error.message : 'unknown reason'}`,
      'Nothing was changed by that step. Use the version that wrote this database, or restore a backup.',
      { cause: error },
    );
  }
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}
