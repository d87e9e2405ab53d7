import { sql } from 'kysely';
import { addWorkingDays } from '../../core/working-days.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import type { RequestKind } from './tables.ts';

/** How long an office has to answer, by the rule of a day. */
export interface Clock {
  readonly kind: RequestKind;
  readonly version: string;
  readonly source: string;
  /** Saturdays, Sundays and federal holidays do not count. */
  readonly workingDays: number;
  /** Working days by which it may be extended, once, with a reason. */
  readonly extensionDays: number;
  /** First and last day on which a request is judged by it. */
  readonly effective: string;
  readonly ends: string | null;
}

/** Where an agency has set no rule of its own. Have counsel confirm that they fit the record. */
export const defaultClocks: readonly Clock[] = [
  {
    ...{ kind: 'correction', version: 'privacy-act-1974', workingDays: 10, extensionDays: 20 },
    ...{
      source: '5 U.S.C. 552a(d)(2): acknowledged within 10 working days',
      effective: '1975-09-27',
      ends: null,
    },
  },
  {
    ...{ kind: 'appeal', version: 'privacy-act-1974', workingDays: 30, extensionDays: 30 },
    ...{
      source: '5 U.S.C. 552a(d)(3): reviewed within 30 working days',
      effective: '1975-09-27',
      ends: null,
    },
  },
];

/** Clocks of the agency, newest first, and the built-in ones. */
export async function listClocks(db: Database | DatabaseTransaction): Promise<Clock[]> {
  const rows = await db
    .selectFrom('redress_clocks')
    .select(['kind', 'version', 'source', 'working_days', 'extension_days'])
    .select([sql<string>`effective::text`.as('effective'), sql<string | null>`ends::text`.as('ends')])
    .orderBy('place', 'desc')
    .limit(200)
    .execute();
  const own = rows.map(({ working_days: workingDays, extension_days: extensionDays, ...rest }) => ({
    ...rest,
    ...{ workingDays, extensionDays },
  }));
  return [...own, ...defaultClocks];
}

/** The rule of a day: the agency's newest that is in force then, or the built-in one. */
export function clockOn(clocks: readonly Clock[], kind: RequestKind, day: string): Clock {
  const fits = clocks.find(
    (one) => one.kind === kind && one.effective <= day && (one.ends === null || day <= one.ends),
  );
  const clock = fits ?? clocks.find((one) => one.kind === kind);
  if (clock === undefined) throw new TypeError(`there is no built-in clock of ${kind}`);
  return clock;
}

/** The end of the day, in UTC, that so many working days after a moment end. */
export function dueAfter(moment: Date, workingDays: number): Date {
  return new Date(`${addWorkingDays(moment.toISOString().slice(0, 10), workingDays)}T23:59:59Z`);
}

/** Sets a clock of the agency's own. @throws TidewaiterError `E_GOVERNANCE`. */
export async function setClock(
  db: Database,
  { by, now, ...clock }: Clock & { readonly by: string; readonly now: Date },
): Promise<void> {
  const { kind, version, source, workingDays, extensionDays, effective, ends } = clock;
  await underRules(
    db.transaction().execute(async (tx) => {
      await tx
        .insertInto('redress_clocks')
        .values({
          ...{ kind, version, source, working_days: workingDays, extension_days: extensionDays },
          ...{ effective, ends, set_by: by, set_at: now },
        })
        .execute();
      await append(tx, {
        ...{ kind: 'redress.clock-set', at: now, actor: by, subjects: {} },
        facts: { of: kind, version, workingDays, extensionDays },
      });
    }),
  );
}
