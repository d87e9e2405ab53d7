import type { Database } from '../store/database.ts';

/** What was refused. */
export type RefusalKind =
  /** A login, password or code was wrong. */
  | 'sign-in'
  | 'second-factor'
  | 'unlock'
  | 'password-change'
  /** Too many were wrong before. */
  | 'paused'
  | 'first-run'
  /** A session or token that is unknown, over, or not far enough. */
  | 'session'
  | 'token'
  /** Signed in, but without the role or scope. */
  | 'role'
  | 'scope'
  | 'cross-site'
  | 'rate';

export interface Refusal {
  readonly kind: RefusalKind;
  /** Network address of the caller. */
  readonly address: string;
  /** Whose account it was about, where there is one. What was typed as a login is not kept: it may be a password. */
  readonly personId?: string;
  readonly at: Date;
}

/** Writes a refusal to the log that supervisors read. */
export async function refused(db: Database, { kind, address, personId, at }: Refusal): Promise<void> {
  await db
    .insertInto('refusals')
    .values({ kind, address, person_id: personId ?? null, at })
    .execute();
}
