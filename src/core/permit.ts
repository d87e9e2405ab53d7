import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { TidewaiterError } from './errors.ts';
import { signBytes, verifyText } from './signing-key.ts';

/**
 * A signed permission to run named models for one use. Governance issues permits; everything that opens a model
 * verifies one first. All moments are ISO 8601 in UTC.
 */
export const permitClaimsSchema = z.strictObject({
  id: z.string().min(1),
  issuer: z.string().min(1),
  use: z.string().min(1),
  purpose: z.string().min(1),
  /** Id of a site; `*` for all. */
  site: z.string().min(1),
  /** The case under whose authority a lease was given. */
  authority: z.string().min(1).optional(),
  models: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        /** SHA-256 of the model file, hex. */
        digest: z.string().regex(/^[0-9a-f]{64}$/),
        /** Lowest and highest score threshold the model may be run at. */
        threshold: z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]),
      }),
    )
    .min(1),
  notBefore: z.iso.datetime(),
  expires: z.iso.datetime(),
});

export type PermitClaims = z.infer<typeof permitClaimsSchema>;

export const signedPermitSchema = z.strictObject({
  kind: z.literal('signed'),
  claims: permitClaimsSchema,
  /** Of the authority's key, over the canonical JSON of `claims`, base64. */
  signature: z.string().min(1),
});

export type SignedPermit = z.infer<typeof signedPermitSchema>;

/** The built-in permit: runs everything, and everything made under it says EVALUATION. */
export interface EvaluationPermit {
  readonly kind: 'evaluation';
}

export type Permit = SignedPermit | EvaluationPermit;

export const evaluationPermit: EvaluationPermit = { kind: 'evaluation' };

/** The word that records, JSON output and file metadata carry when no agency permit was used. */
export const EVALUATION_STAMP = 'EVALUATION';

/** The stamp a result made under this permit must carry, or undefined when it needs none. */
export function permitStamp(permit: Permit): typeof EVALUATION_STAMP | undefined {
  return permit.kind === 'evaluation' ? EVALUATION_STAMP : undefined;
}

/** A lease lives no longer than this, so that a worker whose permit is suspended ends within it. */
export const LEASE_SECONDS = 5;

/**
 * A permit for the next few seconds, under the id of the permit it comes from.
 * @param now when it begins. It ends with the permit if that is sooner.
 */
export function signLease(
  permit: PermitClaims,
  {
    now,
    authority,
    privateKey,
  }: { readonly now: Date; readonly authority?: string; readonly privateKey: KeyObject },
): SignedPermit {
  const end = Math.min(now.getTime() + LEASE_SECONDS * 1000, Date.parse(permit.expires));
  const span = { notBefore: now.toISOString(), expires: new Date(end).toISOString() };
  return signPermit({ ...permit, ...span, ...(authority === undefined ? {} : { authority }) }, privateKey);
}

export function signPermit(claims: PermitClaims, privateKey: KeyObject): SignedPermit {
  const checked = permitClaimsSchema.parse(claims);
  const signature = signBytes(Buffer.from(canonicalJson(checked)), privateKey).toString('base64');
  return { kind: 'signed', claims: checked, signature };
}

/** What somebody is about to do with a model. */
export interface ModelUse {
  readonly modelId: string;
  /** SHA-256 of the model file, hex. */
  readonly digest: string;
  readonly use: string;
  /** What for and where, if whoever asks knows: the platform does, a command on a machine by itself does not. */
  readonly purpose?: string | undefined;
  readonly site?: string | undefined;
  /** Lowest score threshold that will be applied, 0..1. */
  readonly threshold: number;
}

export interface PermitContext {
  /** The key of the authority that signs permits here; needed for signed permits. */
  readonly publicKey?: KeyObject;
  readonly now: Date;
}

type Refuse = (code: string, message: string, remedy: string) => never;

function refusal({ id }: PermitClaims): Refuse {
  return (code, message, remedy) => {
    throw new TidewaiterError(code, `Permit ${id} ${message}`, remedy);
  };
}

/**
 * Returns when the permit was signed by the key and holds at this moment.
 * @throws TidewaiterError `E_PERMIT_KEY`, `E_PERMIT_SIGNATURE`, `E_PERMIT_EXPIRED`, `E_PERMIT_EARLY`.
 */
export function verifySigned({ claims, signature }: SignedPermit, { publicKey, now }: PermitContext): void {
  const refuse: Refuse = refusal(claims);
  if (publicKey === undefined)
    return refuse(
      'E_PERMIT_KEY',
      'cannot be verified without a public key',
      'Give the public key of its issuer.',
    );
  if (!verifyText(Buffer.from(canonicalJson(claims)), publicKey, signature))
    refuse(
      'E_PERMIT_SIGNATURE',
      'was not signed by the given key or was changed',
      'Ask its issuer for a new one.',
    );
  // Asked so that a moment that is no number is refused.
  if (!(now >= new Date(claims.notBefore)))
    refuse(
      'E_PERMIT_EARLY',
      `is not valid before ${claims.notBefore}`,
      'Wait, or check the clock of this machine.',
    );
  if (!(now < new Date(claims.expires)))
    refuse('E_PERMIT_EXPIRED', `expired at ${claims.expires}`, 'Ask its issuer for a new one.');
}

/**
 * Returns when the permit covers the use; otherwise throws.
 * @throws TidewaiterError what {@link verifySigned} throws, `E_PERMIT_USE`, `E_PERMIT_PURPOSE`, `E_PERMIT_SITE`,
 *   `E_PERMIT_MODEL`, `E_PERMIT_THRESHOLD`.
 */
export function verifyPermit(permit: Permit, wanted: ModelUse, context: PermitContext): void {
  if (permit.kind === 'evaluation') return;
  verifySigned(permit, context);
  const { claims } = permit;
  const refuse: Refuse = refusal(claims);
  checkPlace(claims, wanted);
  const model = claims.models.find((entry) => entry.id === wanted.modelId && entry.digest === wanted.digest);
  if (model === undefined) {
    return refuse(
      'E_PERMIT_MODEL',
      `does not cover model ${wanted.modelId} with digest ${wanted.digest.slice(0, 12)}`,
      'Ask its issuer to add the model, or choose one it names.',
    );
  }
  const [low, high] = model.threshold;
  // Asked so that a threshold that is no number is refused.
  if (!(wanted.threshold >= low && wanted.threshold <= high)) {
    refuse(
      'E_PERMIT_THRESHOLD',
      `allows ${wanted.modelId} at thresholds ${low} to ${high}, not ${wanted.threshold}`,
      'Set a threshold inside that range.',
    );
  }
}

/**
 * Returns when the claims name this use, and this purpose and site where those are known.
 * @throws TidewaiterError `E_PERMIT_USE`, `E_PERMIT_PURPOSE`, `E_PERMIT_SITE`.
 */
export function checkPlace(
  claims: PermitClaims,
  { use, purpose, site }: Pick<ModelUse, 'use' | 'purpose' | 'site'>,
): void {
  const refuse: Refuse = refusal(claims);
  if (claims.use !== use)
    refuse('E_PERMIT_USE', `is for ${claims.use}, not for ${use}`, 'Use a permit issued for this use.');
  if (purpose !== undefined && claims.purpose !== purpose)
    refuse(
      'E_PERMIT_PURPOSE',
      `is for ${claims.purpose}, not for ${purpose}`,
      'Use a permit issued for this purpose.',
    );
  if (site !== undefined && claims.site !== '*' && claims.site !== site)
    refuse('E_PERMIT_SITE', `is for the site ${claims.site}, not ${site}`, 'Ask for one for this site.');
}
