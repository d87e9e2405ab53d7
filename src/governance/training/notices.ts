import { randomUUID } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import type { NoticeContent, OfficerNoticesTable } from './tables.ts';

export interface NewNotice {
  readonly use: string;
  /** `*` for every site. */
  readonly site: string;
  readonly content: NoticeContent;
  readonly by: string;
  readonly now: Date;
}

/**
 * Puts a notice to officers before the people of a queue: from now on they read it before they decide.
 * @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`.
 */
export async function putNotice(
  db: Database,
  { use, site, content, by, now }: NewNotice,
): Promise<{ readonly id: string; readonly version: number }> {
  return underRules(
    db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`${use} ${site}`}, 2330))`.execute(tx);
      const last = await tx
        .selectFrom('officer_notices')
        .select('version')
        .where('use', '=', use)
        .where('site', '=', site)
        .orderBy('place', 'desc')
        .limit(1)
        .executeTakeFirst();
      const id = randomUUID();
      const version = (last?.version ?? 0) + 1;
      await tx
        .insertInto('officer_notices')
        .values({ id, use, site, version, content: JSON.stringify(content), put_by: by, put_at: now })
        .execute();
      await append(tx, {
        ...{ kind: 'governance.notice-put', at: now, actor: by, subjects: { notice: id } },
        facts: { use, site, version, digest: sha256(canonicalJson(content)) },
      });
      return { id, version };
    }),
  );
}

export type Notice = Selectable<OfficerNoticesTable> & { readonly read_at: Date | null };

/** The notices that hold at some sites, with when a person acknowledged each. @param sites undefined for all. */
export async function noticesFor(
  db: Database,
  { person, sites, use }: { person: string; sites: readonly string[] | undefined; use?: string | undefined },
): Promise<Notice[]> {
  let wanted = db
    .selectFrom('officer_notices')
    .leftJoin('officer_notice_readers as read', (join) =>
      join.onRef('read.notice_id', '=', 'officer_notices.id').on('read.person_id', '=', person),
    )
    .selectAll('officer_notices')
    .select('read.at as read_at')
    .distinctOn(['officer_notices.use', 'officer_notices.site']);
  if (sites !== undefined) wanted = wanted.where('officer_notices.site', 'in', [...sites, '*']);
  if (use !== undefined) wanted = wanted.where('officer_notices.use', '=', use);
  return wanted
    .orderBy('officer_notices.use')
    .orderBy('officer_notices.site')
    .orderBy('officer_notices.place', 'desc')
    .execute();
}

/** Notes that a person read a notice, once. @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`. */
export async function acknowledgeNotice(
  db: Database,
  { id, person, now }: { readonly id: string; readonly person: string; readonly now: Date },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const { numInsertedOrUpdatedRows: added } = await tx
        .insertInto('officer_notice_readers')
        .values({ notice_id: id, person_id: person, at: now })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (added !== 1n) return;
      await append(tx, { kind: 'governance.notice-read', at: now, actor: person, subjects: { notice: id } });
    }),
  );
}

/**
 * What a notice of a use could say: what its charter and models of the newest registration say. Error rates are added by
 * hand, from the tests at the operating point.
 * @throws TidewaiterError `E_GOVERNANCE_UNKNOWN` when no version of the use was registered.
 */
export async function draftNotice(db: Database, use: string): Promise<NoticeContent> {
  const row = await db
    .selectFrom('governance_registrations')
    .select(['charter', 'models'])
    .where('use', '=', use)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined)
    throw new TidewaiterError(
      'E_GOVERNANCE_UNKNOWN',
      'No version of that use was registered',
      'Register the use first.',
    );
  const { publicSummary: summary, never } = row.charter;
  const models = row.models.map(({ id, digest, threshold }) => ({ id, digest, threshold }));
  return { summary, limits: never, models, errorRates: [] };
}
