import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import { sealRow, type Governed } from '../permits/seals.ts';
import { findModule } from './attempts.ts';

/** Whether who decides about findings of a use needs current training; the database asks at each decision. */
export interface Requirement {
  readonly use: string;
  readonly required: boolean;
  /** Null: any module of the use. */
  readonly module: string | null;
  readonly reason: string;
  readonly by: string;
  readonly now: Date;
}

/** @throws TidewaiterError `E_TRAINING_MODULE` when the module is of another use. */
export async function requireTraining(
  { db, keys }: Governed,
  { use, required, module, reason, by, now }: Requirement,
): Promise<void> {
  if (module !== null && findModule(module).use !== use)
    throw new TidewaiterError(
      'E_TRAINING_MODULE',
      `The module ${module} is not of the use ${use}`,
      'Name a module of that use.',
    );
  await db.transaction().execute(async (tx) => {
    const { place } = await tx
      .insertInto('training_requirements')
      .values({ use, required, module, reason, set_by: by, set_at: now })
      .returning('place')
      .executeTakeFirstOrThrow();
    await sealRow(tx, keys.seals, 'training_requirements', place);
    await append(tx, {
      ...{ kind: 'governance.training-required', at: now, actor: by, subjects: {} },
      facts: { use, required, module: module ?? '' },
    });
  });
}
