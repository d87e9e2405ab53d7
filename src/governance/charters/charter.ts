import { z } from 'zod';
import { driftBound } from '../drift/measure.ts';
import { protectedAttributes } from './attributes.ts';
import { proxyTestSchema } from './proxy/verdict.ts';
import { deeds, evidenceKinds } from './words.ts';

const text = z.string().trim().min(1);
const day = z.iso.date();

/** What allows a field that law itself turns on (nationality, age). */
const legalBasisSchema = z.strictObject({
  /** The statute or regulation, such as `8 U.S.C. 1187(a)(2)`. */
  citation: text,
  /** The last day on which it may be relied on without a new review. */
  expires: day,
  /** Who signed for the Office for Civil Rights and Civil Liberties, and when. */
  civilRightsSignOff: z.strictObject({ by: text, on: day }),
});

const fieldSchema = z.strictObject({
  /** As it is called in the data: `plate_number`. */
  name: text,
  meaning: text,
  /** True when it tells something of a person. */
  personal: z.boolean(),
});

const inputSchema = fieldSchema.extend({
  /** Where it comes from. */
  source: text,
  /** What happens with it. */
  flows: z.array(z.enum(['collected', 'used', 'passed-on'])).min(1),
  legalBasis: legalBasisSchema.optional(),
  /** Protected attributes that it may stand for; declaring one asks for a test against it. */
  proxyFor: z.array(z.enum(protectedAttributes)).min(1).optional(),
  /** As `governance check --data` signed them; of each attribute the newest counts. */
  proxyTests: z.array(proxyTestSchema).optional(),
});

const outputSchema = fieldSchema.extend({
  /** Who receives it. */
  to: text,
});

/** Something that shows that a rule is kept. It counts from `on` until `expires`, both included. */
const evidenceSchema = z.strictObject({
  kind: z.enum(evidenceKinds),
  what: text,
  /** A file, a page, a case number. */
  where: text,
  on: day,
  expires: day.optional(),
});

/** A waiver of one minimum practice by the Chief AI Officer (M-25-21, appendix, section 4(a)(ii)). */
const waiverSchema = z.strictObject({
  /** The provision, such as `m-25-21/training`. */
  provision: text,
  grantedBy: text,
  granted: day,
  expires: day,
  /** The risk assessment, of this system and this context, on which it rests. */
  reason: text,
  publicSummary: text,
  /** When OMB was told of the grant: at most 30 days after it. */
  reported: day.optional(),
  revoked: day.optional(),
  /** When OMB was told of the revocation: at most 30 days after it. */
  revocationReported: day.optional(),
});

/** Answers of the yearly federal inventory that nothing else in a charter gives. Words are those of its 2025 file. */
const inventorySchema = z.strictObject({
  /** Stays the same over the years; made from the agency and the use when absent. */
  id: text.optional(),
  topic: text,
  classification: text,
  problem: text,
  benefits: text,
  development: z.enum(['Vendor Purchased', 'In-house Development', 'Contracting and In House']),
  vendor: text.optional(),
  customCode: z.boolean(),
  codeUrl: z.url().optional(),
  /** Data used to train, adjust or measure the models. */
  data: text,
  /** The system under whose authorization to operate it runs, when it has one. */
  atoSystem: text.optional(),
  piaUrl: z.url().optional(),
});

/**
 * What a use of AI is for, what it takes in and gives out, who decides, and what it must never do. Uses hold theirs in
 * `charter.ts`; an agency writes its own as JSON or YAML (docs/charters.md). Days are ISO 8601.
 */
export const charterSchema = z.strictObject({
  schema: z.literal(1),
  /** Short name, such as `redaction`: permits and settings name the use by it. */
  use: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, { error: 'small letters, digits and hyphens, such as lane-forecast' }),
  /** Raised when anything below changes: people sign a revision. */
  revision: z.int().min(1),
  title: text,
  purpose: text,
  /** A few sentences for the public, without jargon. */
  publicSummary: text,
  stage: z.enum(['pre-deployment', 'pilot', 'deployed', 'retired']),
  /** First day of use or of the pilot. */
  operational: day.optional(),
  /** Laws and regulations that allow it. */
  authority: z.array(z.strictObject({ citation: text, allows: text })).min(1),
  /** What the AI does, in the words of a fixed list. */
  does: z.array(z.enum(deeds)).min(1),
  decides: z.strictObject({
    /** A person or office, never a machine. */
    who: text,
    what: text,
    /** Whether a person must act before anything outside changes. */
    personActs: z.boolean(),
    /** What an output may be in a record of law or civil enforcement. */
    inEnforcement: z.enum(['nothing', 'lead', 'evidence-among-others', 'sole-basis']),
  }),
  inputs: z.array(inputSchema).min(1),
  outputs: z.array(outputSchema).min(1),
  /** Every model by the name of its card. An empty list means that none runs. */
  models: z.array(z.strictObject({ id: text, task: text })),
  impact: z.strictObject({
    class: z.enum(['high-impact', 'presumed-but-not', 'not-high-impact']),
    reason: text,
  }),
  measures: z
    .array(
      z
        .strictObject({
          name: text,
          unit: text,
          atLeast: z.number().optional(),
          atMost: z.number().optional(),
          /** How it is measured. */
          how: text,
        })
        .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, {
          error: 'a measure needs a goal: atLeast or atMost',
        }),
    )
    .min(1),
  /** How far it may move from what was accepted before it is stopped; see docs/drift.md. */
  drift: driftBound.optional(),
  /** Purposes for which it must not be used. */
  never: z.array(text).min(1),
  /** How long each kind of record is kept, by which schedule of the National Archives. */
  retention: z
    .array(
      z.strictObject({
        record: text,
        /** Such as `GRS 4.2 item 020`, or the agency's own schedule. */
        schedule: text,
        keep: text,
      }),
    )
    .min(1),
  inventory: inventorySchema,
  evidence: z.array(evidenceSchema),
  waivers: z.array(waiverSchema),
});

export type Charter = z.infer<typeof charterSchema>;
export type CharterInput = z.infer<typeof inputSchema>;
export type Evidence = z.infer<typeof evidenceSchema>;
export type Waiver = z.infer<typeof waiverSchema>;
