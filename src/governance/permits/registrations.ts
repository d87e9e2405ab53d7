import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { PermitClaims } from '../../core/permit.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import type { Charter } from '../charters/charter.ts';
import { checkCharter } from '../charters/check.ts';
import { dayOf } from '../charters/days.ts';
import { underRules } from '../rules.ts';
import { mustEnforce } from './mode.ts';
import type { Office } from './offices.ts';

/** A version of a use that somebody puts before the offices. */
export interface NewRegistration {
  readonly charter: Charter;
  /** Short names of what its models may be run for: permits are for one of them each. */
  readonly purposes: readonly string[];
  /** The models of the charter, with the digests and thresholds that are asked for. */
  readonly models: PermitClaims['models'];
  readonly by: string;
  readonly now: Date;
}

/**
 * No permit may rest on a charter that breaks rules on the day it is asked for.
 * @throws TidewaiterError `E_CHARTER` with what is wrong.
 */
export function checkLawful(charter: Charter, now: Date): void {
  const errors = checkCharter(charter, dayOf(now)).filter(({ level }) => level === 'error');
  const [first] = errors;
  if (first === undefined) return;
  throw new TidewaiterError(
    'E_CHARTER',
    `The charter of ${charter.use} breaks rules: ${errors.map(({ rule, message }) => `${rule}: ${message}`).join('; ')}`,
    first.remedy,
  );
}

/**
 * Puts a version of a use before the offices.
 * @returns the id of the registration.
 * @throws TidewaiterError `E_CHARTER`, `E_CHARTER_MODELS`, `E_GOVERNANCE`.
 */
export async function register(db: Database, wanted: NewRegistration): Promise<string> {
  const { charter, purposes, models, by, now } = wanted;
  checkLawful(charter, now);
  const named = new Set(charter.models.map(({ id }) => id));
  const stranger = models.find(({ id }) => !named.has(id));
  if (stranger !== undefined)
    throw new TidewaiterError(
      'E_CHARTER_MODELS',
      `The charter of ${charter.use} does not name the model ${stranger.id}`,
      'Add the model to the charter, or leave it out.',
    );
  const id = randomUUID();
  const digest = sha256(canonicalJson(charter));
  await underRules(
    db.transaction().execute(async (tx) => {
      await tx
        .insertInto('governance_registrations')
        .values({
          ...{ id, use: charter.use, version: charter.revision, charter_digest: digest },
          ...{ impact: charter.impact.class, charter: JSON.stringify(charter), purposes: [...purposes] },
          ...{ models: JSON.stringify(models), author_id: by, registered_at: now },
        })
        .execute();
      await append(tx, {
        ...{ kind: 'governance.registered', at: now, actor: by, subjects: { registration: id } },
        facts: { use: charter.use, version: charter.revision, charter: digest },
      });
    }),
  );
  return id;
}

/** What an office says of a version of a use. */
export interface SignOff {
  readonly registration: string;
  readonly office: Office;
  readonly verdict: 'signed' | 'returned';
  readonly reason: string;
  readonly by: string;
  readonly now: Date;
}

/**
 * Keeps the word of an office; its newest one counts. When the last of the four has signed, the installation is enforced.
 * @throws TidewaiterError `E_GOVERNANCE` when it is the person's own work, another office of theirs, or none of theirs.
 */
export async function signOff(
  db: Database,
  { registration, office, by, now, ...said }: SignOff,
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const { use } = await findRegistration(tx, registration);
      await tx
        .insertInto('governance_sign_offs')
        .values({ registration_id: registration, office, person_id: by, at: now, ...said })
        .execute();
      await append(tx, {
        ...{ kind: `governance.${said.verdict}`, at: now, actor: by, subjects: { registration } },
        facts: { use, office },
      });
      await mustEnforce(tx, registration, now);
    }),
  );
}

/** @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`. */
export async function findRegistration(
  tx: Database | DatabaseTransaction,
  id: string,
): Promise<{
  readonly use: string;
  readonly charter: Charter;
  readonly purposes: readonly string[];
  readonly models: PermitClaims['models'];
}> {
  const row = await tx
    .selectFrom('governance_registrations')
    .select(['use', 'charter', 'purposes', 'models'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such registration', 'Check the id.');
}
