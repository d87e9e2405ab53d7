import { z } from 'zod';
import { deeds, evidenceKinds } from './words.ts';

const text = z.string().trim().min(1);

/** Parts of a charter that show by themselves that something was thought of and is written down. */
export const charterParts = [
  'purpose',
  'authority',
  'decider',
  'inputs',
  'outputs',
  'models',
  'impact',
  'measures',
  'prohibitions',
  'retention',
  'public-summary',
] as const;

const provisionSchema = z.strictObject({
  /** Within the policy: `training`. It is called `policy/training` elsewhere. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'small letters, digits and hyphens' }),
  title: text,
  /** Where it stands in the policy. */
  section: text,
  /** To which uses it applies; to all when absent. All that is given must fit. */
  appliesTo: z
    .strictObject({
      impact: z.enum(['high-impact']).optional(),
      does: z.array(z.enum(deeds)).min(1).optional(),
      stages: z
        .array(z.enum(['pre-deployment', 'pilot', 'deployed']))
        .min(1)
        .optional(),
    })
    .optional(),
  /** What must be there for it to be met: all of these. */
  shownBy: z
    .strictObject({
      charter: z.array(z.enum(charterParts)).optional(),
      evidence: z.array(z.enum(evidenceKinds)).optional(),
      /** No red line is crossed and no protected attribute found. */
      redLines: z.literal(true).optional(),
      /** What the software does by itself, in words. */
      software: text.optional(),
    })
    .refine((shown) => Object.keys(shown).length > 0, { error: 'name at least one thing that shows it' }),
  /** Evidence older than this does not count, whatever its own end. */
  maxAgeMonths: z.int().min(1).optional(),
  /** Whether the Chief AI Officer may waive it. */
  waivable: z.boolean(),
});

/**
 * A policy as data, so that each record is judged by the rule of its day. An agency writes its own in JSON or YAML
 * (docs/charters.md); it is enforced as the built-in ones are.
 */
export const policySchema = z.strictObject({
  schema: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'small letters, digits and hyphens' }),
  version: text,
  title: text,
  issuer: text,
  /** First day in force. */
  effective: z.iso.date(),
  /** Last day in force, when it was ended or replaced. */
  ends: z.iso.date().optional(),
  /** First day on which its provisions must be met, when that is later: until then an open one is work to do. */
  due: z.iso.date().optional(),
  source: text,
  /** Fingerprints of the keys whose tests of proxies count; see docs/charters.md. */
  proxyTesters: z
    .array(z.string().regex(/^[0-9a-f]{64}$/, { error: 'the fingerprint of a key, 64 hexadecimal digits' }))
    .optional(),
  provisions: z.array(provisionSchema).min(1),
});

export type Policy = z.infer<typeof policySchema>;
export type Provision = z.infer<typeof provisionSchema>;

/** Those in force on a day. */
export function policiesOn(policies: readonly Policy[], on: string): Policy[] {
  return policies.filter(({ effective, ends }) => effective <= on && (ends === undefined || on <= ends));
}
