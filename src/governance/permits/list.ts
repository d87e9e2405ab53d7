import { TidewaiterError } from '../../core/errors.ts';
import { signPermit, type SignedPermit } from '../../core/permit.ts';
import { publicKeyPem } from '../../core/signing-key.ts';
import type { PlatformKeys } from '../../platform/platform.ts';
import type { Seals } from '../../platform/secrets/seals.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { dayOf } from '../charters/days.ts';
import type { Policy } from '../charters/policy.ts';
import { charterLacks, restsUntil } from './ends.ts';
import { checkLacks, verifyByAny } from './gate.ts';
import { PERMIT_KEYS } from './issue.ts';
import { lacksOf } from './offices.ts';
import { findRegistration } from './registrations.ts';
import type { Governed } from './seals.ts';

/** A permit as people see it. */
export interface PermitView {
  readonly id: string;
  readonly registration: string;
  readonly use: string;
  readonly site: string;
  readonly purpose: string;
  readonly models: string[];
  readonly issuedBy: string;
  readonly issuedAt: string;
  readonly expires: string;
  readonly state: 'live' | 'expired' | 'revoked' | 'lacking';
  /** What it rests on that no longer holds. */
  readonly lacks: string[];
}

/** Permits, newest first, 200 at most. @param policies what their charters are judged by. */
export async function listPermits(
  { db, keys, policies }: Governed & { readonly policies: readonly Policy[] },
  now: Date,
): Promise<PermitView[]> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('governance_permits')
      .selectAll()
      .orderBy('issued_at', 'desc')
      .limit(200)
      .execute();
    const views: PermitView[] = [];
    for (const row of rows) {
      const lacks = await allLacks(tx, keys.seals, { ...row, policies, now });
      views.push({
        ...{ id: row.id, registration: row.registration_id, use: row.use, site: row.site },
        ...{ purpose: row.purpose, models: row.claims.models.map(({ id }) => id), issuedBy: row.issued_by },
        ...{ issuedAt: row.issued_at.toISOString(), expires: row.expires.toISOString(), lacks },
        state:
          row.revoked_at !== null
            ? 'revoked'
            : row.expires <= now
              ? 'expired'
              : lacks.length > 0
                ? 'lacking'
                : 'live',
      });
    }
    return views;
  });
}

/** What the schema and the charter of its registration find lacking under a permit. */
async function allLacks(
  tx: DatabaseTransaction,
  seals: Seals,
  {
    registration_id: registration,
    site,
    policies,
    now,
  }: {
    readonly registration_id: string;
    readonly site: string;
    readonly policies: readonly Policy[];
    readonly now: Date;
  },
): Promise<string[]> {
  const { charter } = await findRegistration(tx, registration);
  const lacks = await lacksOf(tx, seals, { registration, site, now });
  return [...lacks, ...charterLacks(charter, policies, dayOf(now))];
}

/**
 * A permit to carry to a machine without a store, and the key to verify it with. Nothing reaches it there, so that it ends
 * no later than what it rests on, as far as an end is known now.
 * @throws TidewaiterError `E_GOVERNANCE_UNKNOWN` for one that is not there or was revoked; `E_PERMIT_LACKS`,
 * `E_PERMIT_EXPIRED`, `E_PERMIT_SIGNATURE` for one under which nothing would run here.
 */
export async function exportPermit(
  {
    db,
    keys,
    policies,
    now: clock,
  }: {
    readonly db: Database;
    readonly keys: PlatformKeys;
    readonly policies: readonly Policy[];
    now(): Date;
  },
  id: string,
): Promise<{ readonly permit: SignedPermit; readonly publicKey: string }> {
  const [known, key, now] = [await keys.verifying(PERMIT_KEYS), await keys.signing(PERMIT_KEYS), clock()];
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('governance_permits')
      .select(['registration_id', 'site', 'claims', 'signature'])
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined || row.claims.id !== id)
      throw new TidewaiterError(
        'E_GOVERNANCE_UNKNOWN',
        'There is no such permit that stands',
        'Check the id.',
      );
    const { registration_id: registration, site, claims, signature } = row;
    // What is signed anew below must have been signed by us before.
    verifyByAny({ kind: 'signed', claims, signature }, known, now);
    checkLacks(id, await allLacks(tx, keys.seals, { ...row, policies, now }));
    const { charter } = await findRegistration(tx, registration);
    const rests = await restsUntil(tx, keys.seals, { registration, charter, policies, site, now });
    const expires = new Date(Math.min(Date.parse(claims.expires), rests.getTime())).toISOString();
    const issuer = `Tidewaiter ${key.fingerprint.slice(0, 16)}`;
    const permit = signPermit({ ...claims, issuer, expires }, key.privateKey);
    return { permit, publicKey: publicKeyPem(key.publicKey) };
  });
}
