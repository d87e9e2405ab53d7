import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';

/** A queue: findings of one kind of one use at one site. */
export interface Queue {
  readonly site: string;
  readonly use: string;
  readonly kind: string;
}

/** A finding to be shown again, with the answer that is known. */
export interface Seed {
  readonly truth: 'wrong' | 'right';
  /** The finding whose decision gives the answer. */
  readonly origin: string;
  readonly caseId: string | null;
  readonly score: number | null;
  readonly reasons: readonly string[];
  readonly evidence: object;
  readonly models: readonly { readonly id: string; readonly digest: string }[];
  /** Told to who decided it, afterwards. */
  readonly explanation: string;
}

/** Makes seeds for a queue. A use with material of its own may bring another. @returns at most `count`, fewer when there is not enough. */
export type SeedMaker = (
  tx: DatabaseTransaction,
  wanted: {
    readonly plan: string;
    readonly queue: Queue;
    readonly truth: Seed['truth'];
    readonly count: number;
  },
) => Promise<Seed[]>;

/**
 * Shows decided findings again: what was dismissed is wrong, anything else is right. Only what holds by a decision that
 * nobody changed, is of an open case or of none, and was not yet used by the plan.
 */
export const copyDecided: SeedMaker = async (tx, { plan, queue, truth, count }) => {
  const { rows } = await sql<{
    id: string;
    case_id: string | null;
    score: number | null;
    reasons: string[];
    evidence: object;
    models: { id: string; digest: string }[];
  }>`
    select f.id, f.case_id, f.score, f.reasons, f.evidence, f.models
    from findings f
    left join cases c on c.id = f.case_id
    where f.site_id = ${queue.site} and f.use = ${queue.use} and f.kind = ${queue.kind}
      and coalesce(c.state, 'open') = 'open'
      and not exists (select 1 from seed_marks m where m.plan_id = ${plan} and m.origin_id = f.id)
      and (select count(*) from decisions d where d.finding_id = f.id) = 1
      and (select d.disposition = 'dismissed' from decisions d where d.finding_id = f.id) = ${truth === 'wrong'}
    order by random() limit ${count}`.execute(tx);
  return rows.map(({ id, case_id: caseId, ...shown }) => ({
    ...{ ...shown, truth, origin: id, caseId },
    explanation:
      truth === 'wrong'
        ? 'This was no new finding: it had been looked at before and dismissed. The machine is wrong here.'
        : 'This was no new finding: it had been looked at before and confirmed. The machine is right here.',
  }));
};

/**
 * Fills the stock of a plan. Nothing of it shows in the queue before its turn comes.
 * @returns how many were made.
 * @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`.
 */
export async function stockSeeds(
  db: Database,
  {
    plan: id,
    count,
    make = copyDecided,
    by,
    now,
  }: {
    readonly plan: string;
    readonly count: number;
    readonly make?: SeedMaker;
    readonly by: string;
    readonly now: Date;
  },
): Promise<number> {
  return underRules(
    db.transaction().execute(async (tx) => {
      const plan = await tx
        .selectFrom('seed_plans')
        .selectAll()
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (plan === undefined)
        throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such plan that runs', 'Check the id.');
      const queue = { site: plan.site_id, use: plan.use, kind: plan.kind };
      const wrong = Math.round(count * plan.wrong_share);
      const seeds = [
        ...(await make(tx, { plan: id, queue, truth: 'wrong', count: wrong })),
        ...(await make(tx, { plan: id, queue, truth: 'right', count: count - wrong })),
      ];
      for (const seed of seeds) await keep(tx, id, queue, seed);
      await append(tx, {
        ...{ kind: 'oversight.seeds-stocked', at: now, actor: by, subjects: { plan: id } },
        facts: { seeds: seeds.length },
      });
      return seeds.length;
    }),
  );
}

async function keep(tx: DatabaseTransaction, plan: string, queue: Queue, seed: Seed): Promise<void> {
  const id = randomUUID();
  await tx
    .insertInto('seeded_findings')
    .values({
      ...{ id, site_id: queue.site, use: queue.use, kind: queue.kind, case_id: seed.caseId },
      ...{
        score: seed.score,
        reasons: JSON.stringify(seed.reasons),
        evidence: JSON.stringify(seed.evidence),
      },
      ...{ models: JSON.stringify(seed.models), created_at: 'infinity' },
    })
    .execute();
  await tx
    .insertInto('seed_marks')
    .values({
      ...{ finding_id: id, plan_id: plan, truth: seed.truth, origin_id: seed.origin },
      explanation: seed.explanation,
    })
    .execute();
}
