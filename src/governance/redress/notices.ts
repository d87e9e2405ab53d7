import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import { BLANK } from './default-notices.ts';

/** A version of a notice that the Privacy office publishes. */
export interface NewNotice {
  readonly use: string;
  /** Such as `en` or `es`. */
  readonly language: string;
  readonly notice: string;
  readonly optingOut: string;
  /** Who of counsel read it, and when. */
  readonly counsel: string;
  readonly effective: Date;
  /** At most 36 months later. */
  readonly ends: Date;
  readonly by: string;
  readonly now: Date;
}

/**
 * Publishes the next version of a notice: from the day it is effective, gates take no older one.
 * @throws TidewaiterError `E_NOTICE_DRAFT`, `E_GOVERNANCE`.
 */
export async function publishNotice(
  db: Database,
  { use, language, notice, optingOut, counsel, effective, ends, by, now }: NewNotice,
): Promise<{ readonly id: string; readonly version: number }> {
  if (/DRAFT FOR COUNSEL|BORRADOR PARA LOS ABOGADOS/i.test(notice + optingOut) || notice.includes(BLANK))
    throw new TidewaiterError(
      'E_NOTICE_DRAFT',
      'The notice is still a draft for counsel, or has blanks',
      'Have counsel complete it, and take the word draft away.',
    );
  const id = randomUUID();
  return underRules(
    db.transaction().execute(async (tx) => {
      // Two who publish at once take their versions in turn: the second is told that there is one like it.
      const { version } = await tx
        .insertInto('redress_notices')
        .values({
          ...{ id, use, language, notice, opting_out: optingOut, counsel, effective, ends },
          ...{ published_by: by, published_at: now },
          version: sql<number>`(select coalesce(max(version), 0) + 1 from redress_notices
            where use = ${use} and language = ${language})`,
        })
        .returning('version')
        .executeTakeFirstOrThrow();
      await append(tx, {
        ...{ kind: 'redress.notice-published', at: now, actor: by, subjects: { notice: id } },
        facts: { use, language, version },
      });
      return { id, version };
    }),
  );
}

/** The notice that must be shown at a moment, if there is one. */
export async function currentNotice(
  db: Database,
  use: string,
  language: string,
  now: Date,
): Promise<{ readonly id: string; readonly version: number } | undefined> {
  return db
    .selectFrom('redress_notices')
    .select(['id', 'version'])
    .where('id', '=', sql<string>`capture_notice(${use}, ${language}, ${now})`)
    .executeTakeFirst();
}

/** A notice as people see it. */
export interface NoticeView {
  readonly id: string;
  readonly use: string;
  readonly language: string;
  readonly version: number;
  readonly notice: string;
  readonly optingOut: string;
  readonly counsel: string;
  readonly effective: string;
  readonly ends: string;
  /** Whether gates ask for this one now. */
  readonly current: boolean;
}

/** Published notices, of one use or all, newest first, 200 at most. */
export async function listNotices(db: Database, use: string | undefined, now: Date): Promise<NoticeView[]> {
  let wanted = db
    .selectFrom('redress_notices')
    .selectAll()
    .select(sql<boolean>`id is not distinct from capture_notice(use, language, ${now})`.as('current'));
  if (use !== undefined) wanted = wanted.where('use', '=', use);
  const rows = await wanted.orderBy('published_at', 'desc').orderBy('id').limit(200).execute();
  return rows.map((row) => ({
    ...{ id: row.id, use: row.use, language: row.language, version: row.version, notice: row.notice },
    ...{ optingOut: row.opting_out, counsel: row.counsel, current: row.current },
    ...{ effective: row.effective.toISOString(), ends: row.ends.toISOString() },
  }));
}
