import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import type { Queue } from './make.ts';

export interface NewPlan extends Queue {
  /** Seeds for each finding that arrives, above 0, at most 0.2. */
  readonly rate: number;
  /** Share of seeds that are wrong on purpose, 0..1. */
  readonly wrongShare: number;
  readonly reason: string;
  readonly by: string;
  readonly now: Date;
}

/**
 * Begins to seed a queue. A queue has one plan at a time.
 * @returns the id of the plan.
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function planSeeds(db: Database, plan: NewPlan): Promise<string> {
  const { site, use, kind, rate, wrongShare, reason, by, now } = plan;
  return underRules(
    db.transaction().execute(async (tx) => {
      const id = randomUUID();
      await tx
        .insertInto('seed_plans')
        .values({
          ...{ id, site_id: site, use, kind, rate, wrong_share: wrongShare, reason },
          ...{ set_by: by, set_at: now },
        })
        .execute();
      await append(tx, {
        ...{ kind: 'oversight.seeding-began', at: now, actor: by, siteId: site, subjects: { plan: id } },
        facts: { use, kind, rate, wrongShare },
      });
      return id;
    }),
  );
}

/** Ends a plan: its seeds that nobody decided leave the queue at once. @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`. */
export async function endSeeds(
  db: Database,
  { id, by, now }: { readonly id: string; readonly by: string; readonly now: Date },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('seed_plans')
      .set({ ended_at: now, ended_by: by })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .returning('site_id')
      .executeTakeFirst();
    if (row === undefined)
      throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such plan that runs', 'Check the id.');
    await tx
      .deleteFrom('seeded_findings')
      .where('id', 'in', (eb) => eb.selectFrom('seed_marks').select('finding_id').where('plan_id', '=', id))
      .execute();
    await append(tx, {
      ...{ kind: 'oversight.seeding-ended', at: now, actor: by, siteId: row.site_id },
      subjects: { plan: id },
    });
  });
}
