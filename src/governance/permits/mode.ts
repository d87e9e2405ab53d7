import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import { lacksOf } from './offices.ts';

/** `evaluation` runs everything and stamps it; under `enforced` models run under an agency's permits only. */
export type Mode = 'evaluation' | 'enforced';

/** The mode that was decided here last; evaluation until the first use was signed off. */
export async function decidedMode(db: Database | DatabaseTransaction): Promise<Mode> {
  const row = await db
    .selectFrom('governance_modes')
    .select('mode')
    .where((eb) => eb.or([eb('mode', '=', 'enforced'), eb('confirmed_at', 'is not', null)]))
    .orderBy('place', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.mode ?? 'evaluation';
}

/** Any number will do, as long as it is the same everywhere. */
const MODE_LOCK = 7_210_414;

/** Ends evaluation when all offices have signed a version of a use. */
export async function mustEnforce(tx: DatabaseTransaction, registration: string, now: Date): Promise<void> {
  const lacks = await lacksOf(tx, { registration, site: '*', now });
  if (lacks.some((what) => what.startsWith('sign-off'))) return;
  await sql`select pg_advisory_xact_lock(${MODE_LOCK})`.execute(tx);
  if ((await decidedMode(tx)) === 'enforced') return;
  const reason = 'All offices signed a use.';
  await tx
    .insertInto('governance_modes')
    .values({ mode: 'enforced', reason, proposed_by: 'system', proposed_at: now })
    .execute();
  await append(tx, { kind: 'governance.enforced', at: now, actor: 'system', subjects: { registration } });
}

/** Somebody's word. */
export interface Said {
  readonly by: string;
  readonly reason: string;
  readonly now: Date;
}

/**
 * Proposes to go back to evaluation: an admin or somebody of AI governance proposes, one of the other office confirms.
 * @throws TidewaiterError `E_GOVERNANCE`.
 */
export async function proposeEvaluation(db: Database, { by, reason, now }: Said): Promise<number> {
  return underRules(
    db.transaction().execute(async (tx) => {
      const { place } = await tx
        .insertInto('governance_modes')
        .values({ mode: 'evaluation', reason, proposed_by: by, proposed_at: now })
        .returning('place')
        .executeTakeFirstOrThrow();
      const facts = { proposal: place };
      await append(tx, { kind: 'governance.evaluation-proposed', at: now, actor: by, subjects: {}, facts });
      return place;
    }),
  );
}

/** @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`. */
export async function confirmEvaluation(
  db: Database,
  { proposal, by, now }: { readonly proposal: number; readonly by: string; readonly now: Date },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${MODE_LOCK})`.execute(tx);
      const newest = await tx
        .selectFrom('governance_modes')
        .select(['place', 'mode', 'confirmed_at'])
        .orderBy('place', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (newest?.place !== proposal || newest.mode !== 'evaluation' || newest.confirmed_at !== null)
        throw new TidewaiterError(
          'E_GOVERNANCE_UNKNOWN',
          'There is no such proposal, or something was decided since',
          'Propose it again.',
        );
      await tx
        .updateTable('governance_modes')
        .set({ confirmed_by: by, confirmed_at: now })
        .where('place', '=', proposal)
        .execute();
      const facts = { proposal };
      await append(tx, { kind: 'governance.evaluation-confirmed', at: now, actor: by, subjects: {}, facts });
    }),
  );
}
