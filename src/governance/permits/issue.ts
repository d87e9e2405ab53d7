import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { signPermit, type SignedPermit } from '../../core/permit.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { PlatformKeys } from '../../platform/platform.ts';
import type { Database } from '../../platform/store/database.ts';
import { builtInPolicies } from '../charters/policies.ts';
import type { Policy } from '../charters/policy.ts';
import { underRules } from '../rules.ts';
import { lacksOf } from './offices.ts';
import { checkMayRun, findRegistration } from './registrations.ts';

/** The purpose of the keys that sign permits and leases. */
export const PERMIT_KEYS = 'permits';

/** A permit that somebody of AI governance wants to issue. */
export interface NewPermit {
  readonly registration: string;
  readonly site: string;
  readonly purpose: string;
  readonly expires: Date;
  readonly by: string;
  readonly now: Date;
}

/**
 * Signs a permit, if all that it rests on holds. The ledger gets an entry either way.
 * @param policies what the charter is judged by; the built-in ones when absent.
 * @throws TidewaiterError `E_CHARTER`, `E_GOVERNANCE` with what is missing, `E_GOVERNANCE_UNKNOWN`.
 */
export async function issuePermit(
  {
    db,
    keys,
    policies = builtInPolicies,
  }: { readonly db: Database; readonly keys: PlatformKeys; readonly policies?: readonly Policy[] },
  { registration, site, purpose, expires, by, now }: NewPermit,
): Promise<SignedPermit> {
  const { use, charter, models } = await findRegistration(db, registration);
  const key = await keys.signing(PERMIT_KEYS);
  const id = randomUUID();
  const claims = {
    ...{ id, issuer: `Tidewaiter ${key.fingerprint.slice(0, 16)}`, use, purpose, site, models },
    ...{ notBefore: now.toISOString(), expires: expires.toISOString() },
  };
  const subjects = { registration, permit: id };
  try {
    // Bases, evidence and waivers in it may have ended since it was registered, and policies begun.
    checkMayRun(charter, policies, now);
    if (expires <= now)
      throw new TidewaiterError(
        'E_GOVERNANCE',
        'The permit would end before it begins',
        'Give a later moment.',
      );
    const permit = signPermit(claims, key.privateKey);
    await underRules(
      db.transaction().execute(async (tx) => {
        // The schema asks too, but cannot tell what a seal is worth.
        const lacks = await lacksOf(tx, keys.seals, { registration, site, now });
        if (lacks.length > 0)
          throw new TidewaiterError(
            'E_GOVERNANCE',
            `Not allowed: no permit: ${lacks.join(', ')}`,
            'See docs/permits.md for what a permit needs.',
          );
        await tx
          .insertInto('governance_permits')
          .values({
            ...{ id, registration_id: registration, use, site, purpose, expires },
            ...{ claims: JSON.stringify(permit.claims), signature: permit.signature },
            ...{ issued_by: by, issued_at: now },
          })
          .execute();
        const facts = { use, site, purpose, key: key.fingerprint };
        await append(tx, { kind: 'governance.permit-issued', at: now, actor: by, subjects, facts });
      }),
    );
    return permit;
  } catch (error) {
    if (error instanceof TidewaiterError) {
      const facts = { use, site, purpose, code: error.code };
      await db
        .transaction()
        .execute((tx) =>
          append(tx, { kind: 'governance.permit-refused', at: now, actor: by, subjects, facts }),
        );
    }
    throw error;
  }
}

/** @throws TidewaiterError `E_GOVERNANCE_UNKNOWN` for one that is not there or was revoked. */
export async function revokePermit(
  db: Database,
  {
    id,
    reason,
    by,
    now,
  }: { readonly id: string; readonly reason: string; readonly by: string; readonly now: Date },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('governance_permits')
      .set({ revoked_at: now, revoked_by: by, revoke_reason: reason })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n)
      throw new TidewaiterError(
        'E_GOVERNANCE_UNKNOWN',
        'There is no such permit that stands',
        'Check the id.',
      );
    await append(tx, { kind: 'governance.permit-revoked', at: now, actor: by, subjects: { permit: id } });
  });
}
