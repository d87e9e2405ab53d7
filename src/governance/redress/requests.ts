import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import { clockOn, dueAfter, listClocks } from './clocks.ts';
import type { AboutKind, RequestKind, RequestsTable } from './tables.ts';

/** Who did something, and when. */
export interface Done {
  readonly by: string;
  readonly now: Date;
}

/** The same, and at which sites they may: a request that lies elsewhere is not there for them. */
export interface DoneTo extends Done {
  readonly id: string;
  readonly sites: readonly string[] | '*';
}

/** What somebody asks to have corrected, or appeals. Who they are stands in their letter, not here. */
export interface NewRequest {
  readonly kind: RequestKind;
  readonly about: AboutKind;
  readonly aboutId: string;
  /** The office's own reference of the letter. */
  readonly caseReference: string;
  readonly receivedAt: Date;
}

/** What it is about, where that is, and its case. @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`. */
async function place(
  tx: DatabaseTransaction,
  about: AboutKind,
  id: string,
): Promise<{ readonly site: string; readonly caseId: string | null }> {
  const found = await lookUp(tx, about, id);
  if (found !== undefined) return found;
  throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', `There is no such ${about}`, 'Check the id.');
}

/** Where the thing lies that a request is about; undefined when it is not there. */
export async function lookUp(
  tx: DatabaseTransaction | Database,
  about: AboutKind,
  id: string,
): Promise<{ readonly site: string; readonly caseId: string | null } | undefined> {
  if (about === 'request') {
    const row = await tx
      .selectFrom('redress_requests')
      .select(['about', 'about_id'])
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? undefined : lookUp(tx, row.about, row.about_id);
  }
  if (about === 'enforcement')
    return tx
      .selectFrom('enforcement_records')
      .select(['site_id as site', 'case_id as caseId'])
      .where('id', '=', id)
      .executeTakeFirst();
  const findings = tx
    .selectFrom('findings')
    .select(['findings.site_id as site', 'findings.case_id as caseId']);
  if (about === 'finding') return findings.where('findings.id', '=', id).executeTakeFirst();
  return findings
    .innerJoin('decisions', 'decisions.finding_id', 'findings.id')
    .where('decisions.id', '=', id)
    .executeTakeFirst();
}

/**
 * Keeps a request, due by the rule of the day on which it was received.
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function receiveRequest(
  db: Database,
  { kind, about, aboutId, caseReference, receivedAt }: NewRequest,
  { by, now }: Done,
): Promise<{ readonly id: string; readonly due: Date; readonly rule: string }> {
  if (receivedAt > now)
    throw new TidewaiterError('E_GOVERNANCE', 'It would be received later than now', 'Correct the day.');
  return underRules(
    db.transaction().execute(async (tx) => {
      const { site } = await place(tx, about, aboutId);
      const clock = clockOn(await listClocks(tx), kind, receivedAt.toISOString().slice(0, 10));
      const [id, due, rule] = [
        randomUUID(),
        dueAfter(receivedAt, clock.workingDays),
        `${clock.version}: ${clock.source}`,
      ];
      await tx
        .insertInto('redress_requests')
        .values({
          ...{ id, site_id: site, kind, about, about_id: aboutId, case_reference: caseReference, rule },
          ...{ received_at: receivedAt, due_at: due, recorded_by: by },
        })
        .execute();
      await append(tx, {
        ...{ kind: 'redress.received', at: now, actor: by, siteId: site },
        ...{ subjects: { request: id, about: aboutId }, facts: { kind, due: due.toISOString() } },
      });
      return { id, due, rule };
    }),
  );
}

/** @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`. */
export async function extendRequest(
  db: Database,
  { reason, ...to }: DoneTo & { readonly reason: string },
): Promise<Date> {
  const { id, by, now } = to;
  return change(db, to, async (tx, row) => {
    const clocks = await listClocks(tx);
    const clock = clockOn(clocks, row.kind, row.received_at.toISOString().slice(0, 10));
    if (clock.extensionDays === 0 || row.extended_to !== null || row.decided_at !== null)
      throw new TidewaiterError(
        'E_GOVERNANCE',
        'It was extended or decided already, or its rule allows no extension',
        'Decide it.',
      );
    const end = dueAfter(row.due_at, clock.extensionDays);
    const extension = { extended_to: end, extended_by: by, extended_at: now, extension_reason: reason };
    await tx.updateTable('redress_requests').set(extension).where('id', '=', id).execute();
    await note(tx, 'redress.extended', row, { by, now }, { to: end.toISOString() });
    return end;
  });
}

/**
 * Decides a request; whoever decided first may not. What is corrected is to be told to everybody whom the case was released
 * to.
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function decideRequest(
  db: Database,
  {
    outcome,
    reason,
    ...to
  }: DoneTo & { readonly outcome: 'granted' | 'partly' | 'denied'; readonly reason: string },
): Promise<void> {
  const { id, by, now } = to;
  await change(db, to, async (tx, row) => {
    if (row.decided_at !== null)
      throw new TidewaiterError(
        'E_GOVERNANCE',
        'It is decided already',
        'An appeal is a request of its own.',
      );
    const decision = { decided_by: by, decided_at: now, outcome, decision_reason: reason };
    await tx.updateTable('redress_requests').set(decision).where('id', '=', id).execute();
    const recipients = outcome === 'denied' ? 0 : await owed(tx, row);
    await note(tx, 'redress.decided', row, { by, now }, { outcome, recipients });
  });
}

/** Notes who received what is now corrected. @returns how many. */
async function owed(tx: DatabaseTransaction, { id, about, about_id: aboutId }: Row): Promise<number> {
  const { caseId } = await place(tx, about, aboutId);
  if (caseId === null) return 0;
  const releases = await tx.selectFrom('releases').select('id').where('case_id', '=', caseId).execute();
  if (releases.length === 0) return 0;
  const rows = releases.map((release) => ({
    ...{ id: randomUUID(), request_id: id, release_id: release.id, recipient: null },
  }));
  await tx.insertInto('redress_recipients').values(rows).execute();
  return rows.length;
}

/** Notes that whoever asked was told the outcome. @throws TidewaiterError as {@link decideRequest}. */
export async function notifyRequest(db: Database, to: DoneTo): Promise<void> {
  const { id, by, now } = to;
  await change(db, to, async (tx, row) => {
    if (row.decided_at === null || row.notified_at !== null)
      throw new TidewaiterError(
        'E_GOVERNANCE',
        'It is not decided, or the notice was sent',
        'Load it again.',
      );
    await tx
      .updateTable('redress_requests')
      .set({ notified_by: by, notified_at: now })
      .where('id', '=', id)
      .execute();
    await note(tx, 'redress.notified', row, { by, now }, {});
  });
}

/** Adds an office that received what is corrected by another way than a release. @throws TidewaiterError as {@link decideRequest}. */
export async function addRecipient(
  db: Database,
  { recipient, ...to }: DoneTo & { readonly recipient: string },
): Promise<string> {
  const { id, by, now } = to;
  return change(db, to, async (tx, row) => {
    const added = { id: randomUUID(), request_id: id, release_id: null, recipient };
    await tx.insertInto('redress_recipients').values(added).execute();
    await note(tx, 'redress.recipient-added', row, { by, now }, {});
    return added.id;
  });
}

/** Notes that a recipient was told of the correction. @throws TidewaiterError as {@link decideRequest}. */
export async function tellRecipient(
  db: Database,
  { recipient, ...to }: DoneTo & { readonly recipient: string },
): Promise<void> {
  const { id, by, now } = to;
  await change(db, to, async (tx, row) => {
    const { numUpdatedRows } = await tx
      .updateTable('redress_recipients')
      .set({ told_by: by, told_at: now })
      .where('id', '=', recipient)
      .where('request_id', '=', id)
      .where('told_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n || row.decided_at === null || row.outcome === 'denied')
      throw new TidewaiterError(
        'E_GOVERNANCE',
        'Nothing is corrected yet, or nobody of that id waits to be told',
        'Load the request again.',
      );
    await note(tx, 'redress.recipient-told', row, { by, now }, {});
  });
}

type Row = Pick<
  RequestsTable,
  'id' | 'site_id' | 'kind' | 'about' | 'about_id' | 'received_at' | 'due_at'
> & {
  readonly extended_to: Date | null;
  readonly decided_at: Date | null;
  readonly notified_at: Date | null;
  readonly outcome: string | null;
};

/** Changes a request while nobody else does. @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`. */
async function change<T>(
  db: Database,
  { id, sites }: DoneTo,
  work: (tx: DatabaseTransaction, row: Row) => Promise<T>,
): Promise<T> {
  return underRules(
    db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('redress_requests')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined || (sites !== '*' && !sites.includes(row.site_id)))
        throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such request', 'Check the id.');
      return work(tx, row);
    }),
  );
}

async function note(
  tx: DatabaseTransaction,
  kind: string,
  { id, site_id: siteId, about_id: aboutId }: Row,
  { by, now }: Done,
  facts: Readonly<Record<string, string | number>>,
): Promise<void> {
  const subjects = { request: id, about: aboutId };
  await append(tx, { kind, at: now, actor: by, siteId, subjects, facts });
}
