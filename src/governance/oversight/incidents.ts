import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database } from '../../platform/store/database.ts';
import { membersOfOffices } from '../permits/offices.ts';
import { suspend } from '../permits/suspensions.ts';
import { underRules } from '../rules.ts';
import type { Severity } from './tables.ts';

/** Something that went wrong with a use of AI. */
export interface NewIncident {
  readonly use: string;
  readonly severity: Severity;
  readonly what: string;
  readonly happenedAt: Date;
  /** Offices outside this installation that were told. */
  readonly toldOutside: readonly string[];
  readonly by: string;
  readonly now: Date;
}

/**
 * Keeps an incident; the people of the offices are told. Unless it is a mere remark (`low`) its use stops everywhere with the
 * same transaction, so that none is on record beside a use that runs on.
 * @returns the suspension, `null` for a remark, and who was told.
 * @throws TidewaiterError `E_GOVERNANCE`.
 */
export async function reportIncident(
  db: Database,
  { use, severity, what, happenedAt, toldOutside, by, now }: NewIncident,
): Promise<{ readonly id: string; readonly suspension: string | null; readonly told: readonly string[] }> {
  return underRules(
    db.transaction().execute(async (tx) => {
      const id = randomUUID();
      const stop = {
        use,
        cause: 'incident',
        reason: `Incident ${id} (${severity}): ${what}`,
        by,
        now,
      } as const;
      // One of its own although the use may be stopped already: that one may be lifted for what is not the matter here.
      const stopped = severity === 'low' ? undefined : await suspend(tx, stop);
      const [suspension, told] = [stopped?.id ?? null, stopped?.told ?? (await membersOfOffices(tx))];
      await tx
        .insertInto('oversight_incidents')
        .values({
          ...{ id, use, severity, what, happened_at: happenedAt, reported_by: by, reported_at: now, told },
          ...{ told_outside: toldOutside, suspension_id: suspension },
        })
        .execute();
      await append(tx, {
        ...{ kind: 'oversight.incident', at: now, actor: by },
        subjects: { incident: id, ...(suspension === null ? {} : { suspension }) },
        facts: { use, severity, told: told.length, stopped: suspension !== null },
      });
      return { id, suspension, told };
    }),
  );
}

/**
 * Stops the use of an incident that did not stop it when it was reported.
 * @returns the suspension, and who was told.
 * @throws TidewaiterError `E_GOVERNANCE` when it was suspended for it already, `E_GOVERNANCE_UNKNOWN`.
 */
export async function suspendForIncident(
  db: Database,
  {
    id,
    reason,
    by,
    now,
  }: { readonly id: string; readonly reason: string; readonly by: string; readonly now: Date },
): Promise<{ readonly id: string; readonly told: readonly string[] }> {
  return underRules(
    db.transaction().execute(async (tx) => {
      const incident = await tx
        .selectFrom('oversight_incidents')
        .select(['use', 'suspension_id'])
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (incident === undefined) throw unknown();
      if (incident.suspension_id !== null)
        throw new TidewaiterError(
          'E_GOVERNANCE',
          'The use was suspended for it already',
          'Look at the suspensions.',
        );
      const stop = {
        use: incident.use,
        cause: 'incident',
        reason: `Incident ${id}: ${reason}`,
        by,
        now,
      } as const;
      const done = await suspend(tx, stop);
      await tx
        .updateTable('oversight_incidents')
        .set({ suspension_id: done.id })
        .where('id', '=', id)
        .execute();
      return done;
    }),
  );
}

/** Ends the work on an incident, saying what came of it. @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`. */
export async function closeIncident(
  db: Database,
  {
    id,
    resolution,
    by,
    now,
  }: { readonly id: string; readonly resolution: string; readonly by: string; readonly now: Date },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const closed = await tx
        .updateTable('oversight_incidents')
        .set({ closed_by: by, closed_at: now, resolution })
        .where('id', '=', id)
        .where('closed_at', 'is', null)
        .returning('use')
        .executeTakeFirst();
      if (closed === undefined) throw unknown();
      await append(tx, {
        ...{ kind: 'oversight.incident-closed', at: now, actor: by, subjects: { incident: id } },
        facts: { use: closed.use },
      });
    }),
  );
}

function unknown(): TidewaiterError {
  return new TidewaiterError(
    'E_GOVERNANCE_UNKNOWN',
    'There is no such incident that is open',
    'Check the id.',
  );
}
