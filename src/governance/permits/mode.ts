import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Seals } from '../../platform/secrets/seals.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import { lacksOf } from './offices.ts';
import { act, askSealed, evidenceOf, forgedNames, sealRow, type Evidence, type Governed } from './seals.ts';

/** `evaluation` runs everything and stamps it; under `enforced` models run under an agency's permits only. */
export type Mode = 'evaluation' | 'enforced';

/** The mode that was decided here last; evaluation until the first use was signed off. */
export async function decidedMode(tx: Database | DatabaseTransaction, seals: Seals): Promise<Mode> {
  const { mode } = await askSealed(seals, async (names) => {
    const { rows } = await sql<{ mode: Mode; evidence: Evidence[] }>`
      select governance_mode(${names}) as mode, ${evidenceOf('*')} as evidence`.execute(tx);
    return rows[0] ?? { mode: 'enforced' as const, evidence: [] };
  });
  return mode;
}

/** Any number will do, as long as it is the same everywhere. */
const MODE_LOCK = 7_210_414;

/** Ends evaluation when all offices have signed a version of a use. */
export async function mustEnforce(
  tx: DatabaseTransaction,
  seals: Seals,
  { registration, now }: { readonly registration: string; readonly now: Date },
): Promise<void> {
  const lacks = await lacksOf(tx, seals, { registration, site: '*', now });
  if (lacks.some((what) => what.startsWith('sign-off'))) return;
  await sql`select pg_advisory_xact_lock(${MODE_LOCK})`.execute(tx);
  if ((await decidedMode(tx, seals)) === 'enforced') return;
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
export async function proposeEvaluation({ db, keys }: Governed, { by, reason, now }: Said): Promise<number> {
  return underRules(
    db.transaction().execute(async (tx) => {
      const { place } = await tx
        .insertInto('governance_modes')
        .values({ mode: 'evaluation', reason, proposed_by: by, proposed_at: now })
        .returning('place')
        .executeTakeFirstOrThrow();
      await sealRow(tx, keys.seals, 'governance_modes', place);
      const facts = { proposal: place };
      await append(tx, { kind: 'governance.evaluation-proposed', at: now, actor: by, subjects: {}, facts });
      return place;
    }),
  );
}

/** @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`. */
export async function confirmEvaluation(
  { db, keys }: Governed,
  { proposal, by, now }: { readonly proposal: number; readonly by: string; readonly now: Date },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${MODE_LOCK})`.execute(tx);
      const forged = await forgedNames(tx, keys.seals, '*');
      const { rows } = await sql<{ place: number; open: boolean }>`
        select m.place, m.mode = 'evaluation' and not exists (select 1 from governance_acts a where a.mode_place = m.place
            and governance_counts('governance_acts', a.place::text, a.seal, ${forged})) as open
          from governance_modes m
          where m.mode = 'enforced' or governance_counts('governance_modes', m.place::text, m.seal, ${forged})
          order by m.place desc limit 1`.execute(tx);
      const [newest] = rows;
      if (newest?.place !== proposal || !newest.open)
        throw new TidewaiterError(
          'E_GOVERNANCE_UNKNOWN',
          'There is no such proposal, or something was decided since',
          'Propose it again.',
        );
      await act(tx, keys.seals, { mode_place: proposal, person_id: by, at: now });
      const facts = { proposal };
      await append(tx, { kind: 'governance.evaluation-confirmed', at: now, actor: by, subjects: {}, facts });
    }),
  );
}
