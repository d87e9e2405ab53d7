import { sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { TidewaiterError } from './errors.ts';

/**
 * A signed permission to run named models for one use. Governance issues permits; everything that opens a model
 * verifies one first. All moments are ISO 8601 in UTC.
 */
export const permitClaimsSchema = z.strictObject({
  id: z.string().min(1),
  issuer: z.string().min(1),
  use: z.string().min(1),
  purpose: z.string().min(1),
  site: z.string().min(1),
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
  /** Ed25519 over the canonical JSON of `claims`, base64. */
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

export function signPermit(claims: PermitClaims, privateKey: KeyObject): SignedPermit {
  const checked = permitClaimsSchema.parse(claims);
  const signature = sign(null, Buffer.from(canonicalJson(checked)), privateKey).toString('base64');
  return { kind: 'signed', claims: checked, signature };
}

/** What somebody is about to do with a model. */
export interface ModelUse {
  readonly modelId: string;
  /** SHA-256 of the model file, hex. */
  readonly digest: string;
  readonly use: string;
  /** Lowest score threshold that will be applied, 0..1. */
  readonly threshold: number;
}

export interface PermitContext {
  /** The key of the authority that signs permits here; needed for signed permits. */
  readonly publicKey?: KeyObject;
  readonly now: Date;
}

/**
 * Returns when the permit covers the use; otherwise throws.
 * @throws TidewaiterError `E_PERMIT_KEY`, `E_PERMIT_SIGNATURE`, `E_PERMIT_EXPIRED`, `E_PERMIT_EARLY`, `E_PERMIT_USE`,
 *   `E_PERMIT_MODEL`, `E_PERMIT_THRESHOLD`.
 */
export function verifyPermit(permit: Permit, wanted: ModelUse, context: PermitContext): void {
  if (permit.kind === 'evaluation') return;
  const { claims } = permit;
  const refuse = (code: string, message: string, remedy: string): never => {
    throw new TidewaiterError(code, `Permit ${claims.id} ${message}`, remedy);
  };
  if (context.publicKey === undefined) {
    return refuse(
      'E_PERMIT_KEY',
      'cannot be verified without a public key',
      'Give the public key of its issuer.',
    );
  }
  const bytes = Buffer.from(canonicalJson(claims));
  if (!verify(null, bytes, context.publicKey, Buffer.from(permit.signature, 'base64'))) {
    refuse(
      'E_PERMIT_SIGNATURE',
      'was not signed by the given key or was changed',
      'Ask its issuer for a new one.',
    );
  }
  // Asked so that a moment or a threshold that is no number is refused.
  if (!(context.now >= new Date(claims.notBefore))) {
    refuse(
      'E_PERMIT_EARLY',
      `is not valid before ${claims.notBefore}`,
      'Wait, or check the clock of this machine.',
    );
  }
  if (!(context.now < new Date(claims.expires))) {
    refuse('E_PERMIT_EXPIRED', `expired at ${claims.expires}`, 'Ask its issuer for a new one.');
  }
  if (claims.use !== wanted.use) {
    refuse(
      'E_PERMIT_USE',
      `is for ${claims.use}, not for ${wanted.use}`,
      'Use a permit issued for this use.',
    );
  }
  const model = claims.models.find((entry) => entry.id === wanted.modelId && entry.digest === wanted.digest);
  if (model === undefined) {
    return refuse(
      'E_PERMIT_MODEL',
      `does not cover model ${wanted.modelId} with digest ${wanted.digest.slice(0, 12)}`,
      'Ask its issuer to add the model, or choose one it names.',
    );
  }
  const [low, high] = model.threshold;
  if (!(wanted.threshold >= low && wanted.threshold <= high)) {
    refuse(
      'E_PERMIT_THRESHOLD',
      `allows ${wanted.modelId} at thresholds ${low} to ${high}, not ${wanted.threshold}`,
      'Set a threshold inside that range.',
    );
  }
}
