import type { SignedPermit } from '../../core/permit.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { publicKeyPem } from '../../core/signing-key.ts';
import type { PlatformKeys } from '../../platform/platform.ts';
import type { Database } from '../../platform/store/database.ts';
import { PERMIT_KEYS } from './issue.ts';
import { lacksOf } from './offices.ts';

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

/** Permits, newest first, 200 at most. */
export async function listPermits(db: Database, now: Date): Promise<PermitView[]> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('governance_permits')
      .selectAll()
      .orderBy('issued_at', 'desc')
      .limit(200)
      .execute();
    const views: PermitView[] = [];
    for (const row of rows) {
      const lacks = await lacksOf(tx, { registration: row.registration_id, site: row.site, now });
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

/**
 * A permit to carry to a machine without a store, and the key to verify it with.
 * @throws TidewaiterError `E_GOVERNANCE_UNKNOWN` for one that is not there or was revoked.
 */
export async function exportPermit(
  { db, keys }: { readonly db: Database; readonly keys: PlatformKeys },
  id: string,
): Promise<{ readonly permit: SignedPermit; readonly publicKey: string }> {
  const row = await db
    .selectFrom('governance_permits')
    .select(['claims', 'signature'])
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined)
    throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such permit that stands', 'Check the id.');
  const { claims, signature } = row;
  const known = await keys.verifying(PERMIT_KEYS);
  const key = known.find(({ fingerprint }) => claims.issuer.endsWith(fingerprint.slice(0, 16))) ?? known[0];
  if (key === undefined) throw new TypeError('a permit was issued without a key');
  return { permit: { kind: 'signed', claims, signature }, publicKey: publicKeyPem(key.publicKey) };
}
