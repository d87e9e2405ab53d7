import type { Database } from '../store/database.ts';
import { forgottenAfterMs } from './lockout.ts';

/** Removes what has no effect any more: sessions that are over and failures that are forgotten. For now and then. */
export async function sweepPeople(
  db: Database,
  now: Date,
): Promise<{ readonly sessions: number; readonly failures: number }> {
  const sessions = await db.deleteFrom('sessions').where('expires_at', '<=', now).executeTakeFirst();
  const forgotten = new Date(now.getTime() - forgottenAfterMs);
  const failures = await db
    .deleteFrom('sign_in_counts')
    .where('failed_at', '<', forgotten)
    .executeTakeFirst();
  return { sessions: Number(sessions.numDeletedRows), failures: Number(failures.numDeletedRows) };
}
