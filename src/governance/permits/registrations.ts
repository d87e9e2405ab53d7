import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { PermitClaims } from '../../core/permit.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import type { Charter } from '../charters/charter.ts';
import { dayOf } from '../charters/days.ts';
import { isRunning, judgeCharter } from '../charters/judge.ts';
import { builtInPolicies } from '../charters/policies.ts';
import type { Policy } from '../charters/policy.ts';
import { onlyOnce, underRules } from '../rules.ts';
import { mustEnforce } from './mode.ts';
import type { Office } from './offices.ts';
import { sealRow, type Governed } from './seals.ts';

/** A version of a use that somebody puts before the offices. */
export interface NewRegistration {
  readonly charter: Charter;
  /** Short names of what its models may be run for: permits are for one of them each. */
  readonly purposes: readonly string[];
  /** The models of the charter, with the digests and thresholds that are asked for. */
  readonly models: PermitClaims['models'];
  readonly by: string;
  readonly now: Date;
  /** What it is judged by; the built-in ones when absent. */
  readonly policies?: readonly Policy[];
}

/**
 * A charter must break no rule on a day, and one in pilot or deployed must leave no provision open.
 * @throws TidewaiterError `E_CHARTER` with what is wrong.
 */
export function checkLawful(charter: Charter, policies: readonly Policy[], now: Date): void {
  const { findings, open, mayRun } = judgeCharter(charter, policies, dayOf(now));
  if (mayRun) return;
  const errors = findings.filter(({ level }) => level === 'error');
  const [first] = errors;
  if (first !== undefined)
    throw new TidewaiterError(
      'E_CHARTER',
      `The charter of ${charter.use} breaks rules: ${errors.map(({ rule, message }) => `${rule}: ${message}`).join('; ')}`,
      first.remedy,
    );
  const needs = open.map(
    ({ policy, provision, missing }) => `${policy}/${provision} (${missing.join(', ')})`,
  );
  throw new TidewaiterError(
    'E_CHARTER',
    `The charter of ${charter.use} leaves provisions open: ${needs.join('; ')}`,
    'Add the evidence to a new revision of the charter.',
  );
}

/**
 * What a permit rests on: a lawful charter of a use that is in pilot or deployed. Before that it runs for evaluation only.
 * @throws TidewaiterError `E_CHARTER` with what is wrong.
 */
export function checkMayRun(charter: Charter, policies: readonly Policy[], now: Date): void {
  checkLawful(charter, policies, now);
  if (!isRunning(charter))
    throw new TidewaiterError(
      'E_CHARTER',
      `The charter of ${charter.use} says ${charter.stage}: a permit is for a use in pilot or deployed`,
      'Register a revision with its stage and the evidence that it asks for, or evaluate.',
    );
}

/**
 * Puts a version of a use before the offices.
 * @returns the id of the registration.
 * @throws TidewaiterError `E_CHARTER`, `E_CHARTER_MODELS`, `E_GOVERNANCE`.
 */
export async function register({ db, keys }: Governed, wanted: NewRegistration): Promise<string> {
  const { charter, purposes, models, by, now, policies = builtInPolicies } = wanted;
  checkLawful(charter, policies, now);
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
  await onlyOnce(
    db.transaction().execute(async (tx) => {
      await tx
        .insertInto('governance_registrations')
        .values({
          ...{ id, use: charter.use, version: charter.revision, charter_digest: digest },
          ...{ impact: charter.impact.class, charter: JSON.stringify(charter), purposes: [...purposes] },
          ...{ models: JSON.stringify(models), author_id: by, registered_at: now },
        })
        .execute();
      await sealRow(tx, keys.seals, 'governance_registrations', id);
      await append(tx, {
        ...{ kind: 'governance.registered', at: now, actor: by, subjects: { registration: id } },
        facts: { use: charter.use, version: charter.revision, charter: digest },
      });
    }),
    () =>
      new TidewaiterError(
        'E_GOVERNANCE',
        `Of version ${charter.revision} of ${charter.use} there is one on record already`,
        'Look at what is there; a new version has a higher revision in its charter.',
      ),
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
  { db, keys }: Governed,
  { registration, office, by, now, ...said }: SignOff,
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const { use } = await findRegistration(tx, registration);
      const { place } = await tx
        .insertInto('governance_sign_offs')
        .values({ registration_id: registration, office, person_id: by, at: now, ...said })
        .returning('place')
        .executeTakeFirstOrThrow();
      await sealRow(tx, keys.seals, 'governance_sign_offs', place);
      await append(tx, {
        ...{ kind: `governance.${said.verdict}`, at: now, actor: by, subjects: { registration } },
        facts: { use, office },
      });
      await mustEnforce(tx, keys.seals, { registration, now });
    }),
  );
}

/** @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`; `E_GOVERNANCE` when its charter is not the one of its digest, which is sealed. */
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
    .select(['use', 'charter', 'charter_digest', 'purposes', 'models'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined)
    throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such registration', 'Check the id.');
  if (sha256(canonicalJson(row.charter)) === row.charter_digest) return row;
  throw new TidewaiterError(
    'E_GOVERNANCE',
    `The charter of the registration ${id} was changed since`,
    'Register it again, and find out who writes to the database: see docs/permits.md.',
  );
}
