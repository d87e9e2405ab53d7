import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { signBytes, verifyText } from '../../core/signing-key.ts';

/** The purpose of the keys that sign tokens of the capture gate. */
export const CAPTURE_KEYS = 'capture-gate';
/** A token lives no longer than this. */
export const TOKEN_SECONDS = 30;

const claimsSchema = z.strictObject({
  /** Of the passage: a token serves once. */
  id: z.uuid(),
  site: z.string(),
  lane: z.string(),
  use: z.string(),
  purpose: z.string(),
  permit: z.uuid(),
  expires: z.iso.datetime(),
});

/** That the gate lets one face be captured, where and for what. */
export type CaptureClaims = z.infer<typeof claimsSchema>;

/** The signature over the canonical JSON of the claims, base64url. */
export function signClaims(claims: CaptureClaims, privateKey: KeyObject): string {
  return signBytes(Buffer.from(canonicalJson(claims)), privateKey).toString('base64url');
}

export function isSigned(
  claims: CaptureClaims,
  signature: string,
  keys: readonly { readonly publicKey: KeyObject }[],
): boolean {
  const bytes = Buffer.from(canonicalJson(claims));
  return keys.some(({ publicKey }) => verifyText(bytes, publicKey, signature, 'base64url'));
}

/** Claims and signature as one text that a lane carries from the gate's answer to its capture. */
export function writeToken(claims: CaptureClaims, signature: string): string {
  return `${Buffer.from(canonicalJson(claims)).toString('base64url')}.${signature}`;
}

/**
 * The claims of a token that this installation signed, that has not expired, and that is for this lane.
 * @throws TidewaiterError `E_CAPTURE_TOKEN`.
 */
export function readToken(
  token: string,
  {
    site,
    lane,
    keys,
    now,
  }: {
    readonly site: string;
    readonly lane: string;
    readonly keys: readonly { readonly publicKey: KeyObject }[];
    readonly now: Date;
  },
): CaptureClaims {
  const [body = '', signature = '', ...more] = token.split('.');
  const claims = claimsSchema.safeParse(parsed(body)).data;
  if (claims === undefined || more.length > 0 || !isSigned(claims, signature, keys))
    throw tokenRefused('was not signed here');
  if (claims.site !== site || claims.lane !== lane) throw tokenRefused('is for another lane');
  if (!(now < new Date(claims.expires))) throw tokenRefused('has expired');
  return claims;
}

export function tokenRefused(why: string): TidewaiterError {
  return new TidewaiterError(
    'E_CAPTURE_TOKEN',
    `No face may be captured: the token ${why}`,
    'Do not capture, or delete what was captured. Ask the gate again.',
  );
}

function parsed(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
