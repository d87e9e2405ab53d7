import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import type { SignedPermit } from '../../core/permit.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Platform } from '../../platform/platform.ts';
import { enforcedPolicies } from '../charters/enforced.ts';
import type { Policy } from '../charters/policy.ts';
import { PermitGate } from '../permits/gate.ts';
import { underRules } from '../rules.ts';
import { currentNotice } from './notices.ts';
import { hasStanding } from './standing.ts';
import type { PassagesTable } from './tables.ts';
import { CAPTURE_KEYS, signClaims, TOKEN_SECONDS, writeToken } from './token.ts';

/** What the gate needs of the platform. */
export type GatePlatform = Pick<Platform, 'db' | 'keys' | 'secrets' | 'settings' | 'now'>;

/** What a lane says before its camera may capture a face. */
export interface CaptureQuestion {
  readonly site: string;
  readonly lane: string;
  readonly use: string;
  readonly purpose: string;
  /** What the traveller was shown; undefined when nothing. */
  readonly notice?: { readonly language: string; readonly version: number } | undefined;
  readonly optedOut: boolean;
  /** A number to look up among standing opt-outs, where the agency keeps them. It is not kept. */
  readonly document?: string | undefined;
  /** The law under which nobody may opt out here, as the charter cites it; undefined outside law enforcement. */
  readonly authority?: string | undefined;
  /** Who asks, or on whose behalf. */
  readonly by: string;
}

/** What the lane must do. Whatever is not `capture` with a token means that no face is captured. */
export interface CaptureAnswer {
  /** Names the passage when it is completed. */
  readonly id: string;
  readonly verdict: PassagesTable['verdict'];
  readonly reason: string;
  readonly token?: string;
  readonly expires?: string;
}

/** What decided an answer. */
interface Grounds {
  readonly verdict: PassagesTable['verdict'];
  readonly reason: string;
  readonly permit?: string;
  readonly notice?: string;
}

/**
 * Says whether a face may be captured, and keeps that it was asked. Permits count here in evaluation too: a traveller's
 * face is not there to try software on. Anything it cannot find out is a no; without the store nothing is answered.
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function askGate(platform: GatePlatform, question: CaptureQuestion): Promise<CaptureAnswer> {
  const { db, keys, now } = platform;
  const { site, lane, use, purpose, authority, by } = question;
  const optedOut = question.optedOut || (await stands(platform, question));
  const grounds = await judge(platform, question, optedOut);
  const [id, at] = [randomUUID(), now()];
  const expires = new Date(at.getTime() + TOKEN_SECONDS * 1000);
  let token: { readonly text: string; readonly signature: string } | undefined;
  if (grounds.verdict === 'capture' && grounds.permit !== undefined) {
    const claims = { id, site, lane, use, purpose, permit: grounds.permit, expires: expires.toISOString() };
    const signature = signClaims(claims, (await keys.signing(CAPTURE_KEYS)).privateKey);
    token = { text: writeToken(claims, signature), signature };
  }
  await underRules(
    db.transaction().execute(async (tx) => {
      await tx
        .insertInto('capture_passages')
        .values({
          ...{ id, site_id: site, lane, use, purpose, verdict: grounds.verdict, reason: grounds.reason },
          ...{ opted_out: optedOut, authority: authority ?? null, asked_by: by, asked_at: at },
          permit_id: token === undefined ? null : (grounds.permit ?? null),
          signature: token?.signature ?? null,
          notice_id: grounds.notice ?? null,
          token_expires: token === undefined ? null : expires,
        })
        .execute();
      await append(tx, {
        ...{ kind: `capture.${eventOf(grounds.verdict, optedOut, authority)}`, at, actor: by, siteId: site },
        ...{ subjects: { passage: id }, facts: { use, purpose, lane, reason: grounds.reason } },
      });
    }),
  );
  const { verdict, reason } = grounds;
  const answer = { id, verdict, reason };
  return token === undefined ? answer : { ...answer, token: token.text, expires: expires.toISOString() };
}

async function stands(platform: GatePlatform, { site, document }: CaptureQuestion): Promise<boolean> {
  return document !== undefined && hasStanding(platform, { site, document }, platform.now());
}

async function judge(
  platform: GatePlatform,
  { site, use, purpose, notice: shown, authority, by }: CaptureQuestion,
  optedOut: boolean,
): Promise<Grounds> {
  const { db, now } = platform;
  const current = shown === undefined ? undefined : await currentNotice(db, use, shown.language, now());
  const notice = current === undefined || current.version !== shown?.version ? {} : { notice: current.id };
  // Before the permit: whoever opts out is served otherwise, however things stand with the camera.
  if (optedOut && authority === undefined) return { verdict: 'alternative', reason: 'opted-out', ...notice };
  if (authority === undefined && notice.notice === undefined)
    return { verdict: 'refused', reason: shown === undefined ? 'notice-not-shown' : 'notice-not-current' };
  try {
    const permit = await permitFor(platform, { use, purpose, site, person: by });
    const known = authority === undefined || (await citationsOf(platform, permit)).includes(authority);
    if (!known) return { verdict: 'refused', reason: 'authority-not-in-charter', ...notice };
    const reason = authority === undefined ? 'permitted' : 'law-enforcement';
    return { verdict: 'capture', reason, permit: permit.claims.id, ...notice };
  } catch (error) {
    if (!(error instanceof TidewaiterError && /^E_PERMIT_/.test(error.code))) throw error;
    return { verdict: 'refused', reason: error.code, ...notice };
  }
}

/** @throws TidewaiterError `E_PERMIT_...`. */
async function permitFor(
  { db, keys, now, settings }: GatePlatform,
  wanted: { readonly use: string; readonly purpose: string; readonly site: string; readonly person: string },
): Promise<SignedPermit> {
  const policies = (): Promise<readonly Policy[]> => enforcedPolicies(settings.policies);
  const { permit } = await new PermitGate({ db, keys, mode: 'enforced', policies, now }).open(wanted);
  if (permit.kind !== 'signed') throw new TypeError('a gate that enforces gave an evaluation permit');
  return permit;
}

/** Laws that the charter behind a permit names. */
async function citationsOf({ db }: GatePlatform, { claims }: SignedPermit): Promise<string[]> {
  const row = await db
    .selectFrom('governance_permits as p')
    .innerJoin('governance_registrations as r', 'r.id', 'p.registration_id')
    .select('r.charter')
    .where('p.id', '=', claims.id)
    .executeTakeFirst();
  return (row?.charter.authority ?? []).map(({ citation }) => citation);
}

function eventOf(verdict: string, optedOut: boolean, authority: string | undefined): string {
  if (verdict === 'refused') return 'refused';
  if (verdict === 'alternative') return 'alternative-offered';
  if (authority === undefined) return 'allowed';
  return optedOut ? 'exempt-opted-out' : 'exempt';
}
