import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { append } from '../ledger/ledger.ts';
import { notFound } from '../http/problem.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import type { decisionView } from './views.ts';

/** What somebody is told after deciding about a finding that was put into the queue on purpose. */
export const seededView = z
  .object({
    truth: z.enum(['wrong', 'right']).describe('Whether what the machine proposed was wrong or right.'),
    agreed: z.boolean().describe('Whether the decision followed the machine.'),
    explanation: z.string(),
  })
  .meta({ id: 'Seeded' });

/** Locks a row of the queue, a seeded one too, until the transaction ends. */
export async function lockQueued(
  tx: DatabaseTransaction,
  id: string,
): Promise<{ readonly assigned_to: string | null; readonly site_id: string }> {
  // A view with two tables below it cannot be locked by itself.
  await sql`select id from findings where id = ${id} for no key update`.execute(tx);
  await sql`select id from seeded_findings where id = ${id} for no key update`.execute(tx);
  return tx
    .selectFrom('findings_queue')
    .select(['assigned_to', 'site_id'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow(notFound);
}

interface Decided {
  readonly finding: string;
  readonly by: string;
  readonly disposition: string;
  readonly reason: string;
}

/**
 * Takes a decision about a seeded finding. It ends there: no decision is kept and nobody is told of one, so that nothing can
 * follow from it. Undefined for a finding that is real.
 * @param governance the mode that the settings ask for: under `enforced` who decides has current training.
 */
export async function decideSeed(
  tx: DatabaseTransaction,
  { finding, by, disposition, reason }: Decided,
  governance: string,
  at: Date,
): Promise<(z.input<typeof decisionView> & { seeded: z.input<typeof seededView> }) | undefined> {
  await sql`select set_config('tidewaiter.governance', ${governance}, true)`.execute(tx);
  const { rows } = await sql<{
    seed_truth: 'wrong' | 'right';
    seed_explanation: string;
    seed_agreed: boolean;
    seed_taken: Date | null;
  }>`select * from decide_seed(${finding}, ${by}, ${disposition}, ${at})`.execute(tx);
  const [seed] = rows;
  if (seed === undefined) return undefined;
  await append(tx, {
    ...{ kind: 'oversight.seed-decided', at, actor: by, subjects: { seed: finding } },
    facts: { truth: seed.seed_truth, agreed: seed.seed_agreed },
  });
  return {
    ...{ id: randomUUID(), finding, disposition, reason, decidedBy: by, createdAt: at.toISOString() },
    takenAt: seed.seed_taken?.toISOString() ?? null,
    seeded: { truth: seed.seed_truth, agreed: seed.seed_agreed, explanation: seed.seed_explanation },
  };
}
