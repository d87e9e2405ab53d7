import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { signatureFields } from '../signed-claims.ts';
import { measureName, planSchema } from './plan.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const verdict = z.enum(['passed', 'failed', 'not-estimable']);

/** What a lab says before it tests anybody. */
export const commitmentClaims = z.strictObject({
  format: z.literal('tidewaiter-acceptance-set-1'),
  name: z.string(),
  items: z.int().min(1),
  /** HMAC-SHA256 over the digests of all files of the set, with a salt that the lab keeps. */
  commitment: digest,
  plan: planSchema,
  /** Fingerprints of the keys of vendors that may submit; null for all. */
  admitted: z.array(digest).nullable(),
  sealedAt: z.iso.datetime(),
});
export type CommitmentClaims = z.infer<typeof commitmentClaims>;

export const reportClaims = z.strictObject({
  format: z.literal('tidewaiter-acceptance-1'),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  startedAt: z.iso.datetime(),
  madeAt: z.iso.datetime(),
  set: commitmentClaims,
  submission: z.strictObject({
    /** Fingerprint of the key of the vendor, who signed what was tested. */
    vendor: digest,
    kind: z.enum(['model', 'process']),
    name: z.string(),
    /** SHA-256 of the ONNX file, or the digest over all files of a process. */
    digest,
    /** SHA-256 of the card with which a model was tested. */
    card: digest.optional(),
  }),
  confinement: z.enum(['namespaces', 'none']),
  answered: z.int().min(0),
  fault: z.strictObject({ kind: z.string(), item: z.int().min(0), message: z.string() }).nullable(),
  /** SHA-256 of the file with the answers. */
  answers: digest,
  measures: z.array(
    z.strictObject({
      name: measureName,
      value: z.number().nullable(),
      low: z.number(),
      high: z.number(),
      n: z.int().min(0),
    }),
  ),
  goals: z.array(
    z.strictObject({
      measure: measureName,
      atLeast: z.number().optional(),
      atMost: z.number().optional(),
      verdict,
      why: z.string(),
    }),
  ),
  verdict,
});
export type ReportClaims = z.infer<typeof reportClaims>;

export const signedCommitment = z.strictObject({ claims: commitmentClaims, ...signatureFields });
export type SignedCommitment = z.infer<typeof signedCommitment>;
export const signedReport = z.strictObject({ claims: reportClaims, ...signatureFields });
export type SignedReport = z.infer<typeof signedReport>;

/** @throws TidewaiterError `E_ACCEPT_FILE` for text that is not what the schema says. */
export function parseFile<T>(schema: z.ZodType<T>, text: string, name: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new TidewaiterError(
      'E_ACCEPT_FILE',
      `${name} is no file of an acceptance test that is read here`,
      'Give it as the lab wrote it.',
      { cause: error },
    );
  }
}
