import { randomBytes, randomUUID } from 'node:crypto';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/digest.ts';
import { generateSigningKeyPem, keyFingerprint, parseSigningKey } from '../../src/core/signing-key.ts';
import type { Charter } from '../../src/governance/charters/charter.ts';
import { builtInPolicies } from '../../src/governance/charters/policies.ts';
import type { Policy } from '../../src/governance/charters/policy.ts';
import { evidenceKinds } from '../../src/governance/charters/words.ts';
import { charter as redaction } from '../../src/uses/redaction/charter.ts';
import { recordTest, recordTraining } from '../../src/governance/permits/evidence.ts';
import { PermitGate } from '../../src/governance/permits/gate.ts';
import { issuePermit } from '../../src/governance/permits/issue.ts';
import { offices, officeRoles, type Office } from '../../src/governance/permits/offices.ts';
import { register, signOff } from '../../src/governance/permits/registrations.ts';
import type { SignedPermit } from '../../src/core/permit.ts';
import type { PlatformKeys } from '../../src/platform/platform.ts';
import { Seals } from '../../src/platform/secrets/seals.ts';
import type { Database } from '../../src/platform/store/database.ts';

export const DAY_MS = 86_400_000;
export const modelDigest = 'ab'.repeat(32);
export const otherDigest = 'cd'.repeat(32);
export const purposes = ['release', 'training-material'];

/** People of the four offices, an author and an officer, in a database with the whole schema. */
export interface PermitOffice {
  readonly db: Database;
  readonly keys: PlatformKeys;
  /** What its charters are judged by. */
  readonly policies: readonly Policy[];
  readonly people: Readonly<Record<Office | 'author' | 'officer', string>>;
  readonly gate: PermitGate;
  /** What the gate takes for now is this much later. */
  readonly clock: { laterMs: number };
  now(): Date;
  /** Puts a version of a use before the offices. */
  registered(use: string, version?: number, charter?: Charter): Promise<string>;
  /** All offices sign, the models pass their tests, the officer is trained. */
  approved(use: string, version?: number, charter?: Charter): Promise<string>;
  issued(
    registration: string,
    more?: Partial<{ site: string; purpose: string; days: number }>,
  ): Promise<SignedPermit>;
}

/** A key in memory in place of one under a master key: how that is kept is tested elsewhere. */
export function newKeys(): PlatformKeys {
  const key = parseSigningKey(generateSigningKeyPem(), 'a key');
  const kept = { ...key, version: 1, fingerprint: keyFingerprint(key.publicKey) };
  return {
    signing: () => Promise.resolve(kept),
    verifying: () => Promise.resolve([{ ...kept, createdAt: new Date(0) }]),
    seals: new Seals(randomBytes(32)),
  };
}

/** A charter as it stands once its use works for real: it names the evidence that each provision asks for. */
export function deployed(charter: Charter): Charter {
  const evidence = evidenceKinds.map((kind) => ({ kind, what: kind, where: 'file 7', on: '2026-01-02' }));
  return { ...charter, stage: 'deployed', operational: '2026-01-05', evidence };
}

/** A charter that keeps all rules, of another use. */
export function charterOf(use: string, revision = 1): Charter {
  const models = [{ id: 'm', task: 'x' }];
  return { ...deployed(redaction), use, revision, impact: { class: 'high-impact', reason: 'x' }, models };
}

export async function openOffice(
  db: Database,
  keys = newKeys(),
  policies: readonly Policy[] = builtInPolicies,
): Promise<PermitOffice> {
  const people = Object.fromEntries(
    [...offices, 'author', 'officer'].map((name) => [name, randomUUID()]),
  ) as PermitOffice['people'];
  for (const [name, id] of Object.entries(people)) {
    await db
      .insertInto('people')
      .values({ id, login: name, name, password: 'none', disabled_at: null, created_at: new Date() })
      .execute();
    const role = name in officeRoles ? officeRoles[name as Office] : 'officer';
    await db
      .insertInto('grants')
      .values({ person_id: id, site: '*', role, granted_at: new Date() })
      .execute();
  }
  const clock = { laterMs: 0 };
  const now = (): Date => new Date(Date.now() + clock.laterMs);
  const models = [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] as [number, number] }];
  const registered = (use: string, version = 1, charter = charterOf(use, version)): Promise<string> =>
    register({ db, keys }, { charter, purposes, models, policies, by: people.author, now: now() });
  return {
    ...{ db, keys, policies, people, clock, now, registered },
    gate: new PermitGate({ db, keys, mode: 'evaluation', policies: () => Promise.resolve(policies), now }),
    approved: async (use, version, charter) => {
      const registration = await registered(use, version, charter);
      for (const office of offices)
        await signOff(
          { db, keys },
          {
            ...{ registration, office, verdict: 'signed', reason: 'read and agreed' },
            ...{ by: people[office], now: now() },
          },
        );
      const at = now();
      await recordTest(
        { db, keys },
        {
          ...{
            use,
            kind: 'accuracy',
            modelDigest,
            reportDigest: sha256('report'),
            passed: true,
            testedAt: at,
          },
          ...{ expires: new Date(at.getTime() + 400 * DAY_MS), by: people.caio, now: at },
        },
      );
      await recordTraining(
        { db, keys },
        {
          ...{ personId: people.officer, use, module: 'basics', completedAt: at },
          ...{ expires: new Date(at.getTime() + 300 * DAY_MS), by: people.caio, now: at },
        },
      );
      return registration;
    },
    issued: (registration, { site = 'pier', purpose = 'release', days = 200 } = {}) => {
      const at = now();
      const expires = new Date(at.getTime() + days * DAY_MS);
      return issuePermit(
        { db, keys, policies },
        { registration, site, purpose, expires, by: people.caio, now: at },
      );
    },
  };
}

/** A charter as the digest that a registration keeps of it. */
export function charterDigest(use: string): string {
  return sha256(canonicalJson(charterOf(use)));
}
