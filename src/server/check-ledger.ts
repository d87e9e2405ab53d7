import { stat } from 'node:fs/promises';
import { sql } from 'kysely';
import { TidewaiterError } from '../core/errors.ts';
import { checkLedger, type LedgerCheck } from '../platform/ledger/ledger.ts';
import type { Settings } from '../platform/settings/settings.ts';
import { reachDatabase } from './backup/reach.ts';
import { settleRestore } from './backup/unfinished.ts';
import { databaseFolder } from './find-database.ts';

/**
 * Checks the ledger of an installation, whether it runs or not. Changes nothing: what is looked into should stay as it is.
 * @returns what {@link checkLedger} found, and how many events have no place in it yet.
 * @throws TidewaiterError `E_LEDGER_NONE`, and what reaching the database throws.
 */
export async function checkWholeLedger(
  settings: Settings,
  log: (line: string) => void,
): Promise<LedgerCheck & { readonly waiting: number }> {
  const own = settings.database.url === undefined;
  if (own) await settleRestore(settings, log);
  // Reaching one that was never there would make it.
  if (own && (await stat(databaseFolder(settings)).catch(() => undefined)) === undefined) throw none();
  const { db, close } = await reachDatabase(settings, log);
  try {
    const { rows } = await sql<{ there: boolean }>`select to_regclass('ledger') is not null as there`.execute(
      db,
    );
    if (rows[0]?.there !== true) throw none();
    const found = await checkLedger(db);
    const { waiting } = await db
      .selectFrom('ledger_outbox')
      .select((eb) => eb.fn.countAll<number>().as('waiting'))
      .executeTakeFirstOrThrow();
    return { ...found, waiting };
  } finally {
    await close();
  }
}

function none(): TidewaiterError {
  return new TidewaiterError(
    'E_LEDGER_NONE',
    'There is no ledger here: no server has run on this data folder or database',
    'Check TIDEWAITER_DATA and TIDEWAITER_DATABASE_URL.',
  );
}
