import { sql } from 'kysely';
import type { Database } from '../../platform/store/database.ts';
import type { AboutKind, RequestKind } from './tables.ts';

/** A correction or an appeal as people see it. */
export interface RequestView {
  readonly id: string;
  readonly site: string;
  readonly kind: RequestKind;
  readonly about: AboutKind;
  readonly aboutId: string;
  readonly caseReference: string;
  /** The rule that its clock follows. */
  readonly rule: string;
  readonly receivedAt: string;
  /** With its extension, if it has one. */
  readonly dueAt: string;
  readonly extension: { readonly from: string; readonly reason: string; readonly by: string } | null;
  readonly decision: {
    readonly outcome: 'granted' | 'partly' | 'denied';
    readonly reason: string;
    readonly by: string;
    readonly at: string;
  } | null;
  readonly notifiedAt: string | null;
  readonly recipients: {
    readonly id: string;
    readonly recipient: string;
    readonly toldAt: string | null;
  }[];
  /** What is still to be done: `decide`, `notify`, `tell`; null when nothing is. */
  readonly open: 'decide' | 'notify' | 'tell' | null;
  readonly overdue: boolean;
}

/**
 * Requests that are open first, by the day they are due; 500 at most.
 * @param sites of which; undefined for all.
 */
export async function listRequests(
  db: Database,
  sites: readonly string[] | undefined,
  now: Date,
): Promise<RequestView[]> {
  let wanted = db
    .selectFrom('redress_requests as r')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('redress_recipients as p')
        .leftJoin('releases as l', 'l.id', 'p.release_id')
        .select(
          sql<
            { id: string; recipient: string; toldAt: string | null }[] | null
          >`json_agg(json_build_object('id', p.id,
            'recipient', coalesce(p.recipient, l.recipient), 'toldAt', to_char(p.told_at at time zone 'UTC',
            'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by p.id)`.as('all'),
        )
        .whereRef('p.request_id', '=', 'r.id')
        .as('recipients'),
    );
  if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites, '']);
  const rows = await wanted
    .orderBy(sql`notified_at is not null`)
    .orderBy(sql`coalesce(extended_to, due_at)`)
    .orderBy('id')
    .limit(500)
    .execute();
  return rows.map((row) => {
    const due = row.extended_to ?? row.due_at;
    const recipients = row.recipients ?? [];
    const untold = recipients.some(({ toldAt }) => toldAt === null);
    const open =
      row.decided_at === null ? 'decide' : row.notified_at === null ? 'notify' : untold ? 'tell' : null;
    return {
      ...{ id: row.id, site: row.site_id, kind: row.kind, about: row.about, aboutId: row.about_id },
      ...{ caseReference: row.case_reference, rule: row.rule, receivedAt: row.received_at.toISOString() },
      dueAt: due.toISOString(),
      extension:
        row.extension_reason === null || row.extended_by === null
          ? null
          : { from: row.due_at.toISOString(), reason: row.extension_reason, by: row.extended_by },
      decision:
        row.outcome === null || row.decided_by === null || row.decided_at === null
          ? null
          : {
              ...{ outcome: row.outcome, reason: row.decision_reason ?? '', by: row.decided_by },
              at: row.decided_at.toISOString(),
            },
      ...{ notifiedAt: row.notified_at?.toISOString() ?? null, recipients, open },
      overdue: open !== null && due <= now,
    };
  });
}
