import { z } from 'zod';
import { checkReportSchema } from '../check/report.ts';

/**
 * What was done to one file: written beside the output, sealed in the folder's chain, and what a folder run reads to know
 * what is done. It stands alone: who reads it needs neither the plan nor the table of reasons.
 */

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);
const fileSchema = z.strictObject({ file: z.string().min(1), sha256: digestSchema, bytes: z.int().min(0) });
export type RecordedFile = z.infer<typeof fileSchema>;

const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** A covered region. Times are seconds of the source's own clock, the first and last moment at which it is drawn. */
const coveredSchema = z.strictObject({
  id: z.string(),
  class: z.string(),
  kind: z.string().optional(),
  subject: z.string().optional(),
  start: z.number(),
  end: z.number(),
  /** In a picture, where it lies: x, y, width and height in pixels. */
  box: boxSchema.optional(),
  style: z.string(),
  /** A code of `reasons`. */
  reason: z.string().optional(),
  origin: z.enum(['model', 'person', 'rule']),
  score: z.number().min(0).max(1).optional(),
});
export type CoveredRegion = z.infer<typeof coveredSchema>;

/** A reason that a covered region names; basis and text are absent when no table was there to explain the code. */
const usedReasonSchema = z.strictObject({
  code: z.string(),
  basis: z.string().optional(),
  text: z.string().optional(),
});
export type UsedReason = z.infer<typeof usedReasonSchema>;

const permitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('evaluation') }),
  z.strictObject({
    kind: z.literal('signed'),
    id: z.string(),
    issuer: z.string(),
    purpose: z.string(),
    site: z.string(),
    expires: z.string(),
  }),
]);

const spanSchema = z.tuple([z.number(), z.number()]);

export const attachmentKinds = ['csv', 'pdf'] as const;
const attachmentSchema = fileSchema.extend({ kind: z.enum(attachmentKinds) });
export type RecordAttachment = z.infer<typeof attachmentSchema>;

export const recordSchema = z.strictObject({
  format: z.literal('tidewaiter-redaction-record'),
  version: z.literal(2),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  /** UTC, given by the caller. */
  madeAt: z.iso.datetime(),
  stamp: z.string().optional(),
  /** Absent when a plan was given and no model ran. */
  permit: permitSchema.optional(),
  source: fileSchema.extend({
    kind: z.enum(['video', 'picture']),
    width: z.int(),
    height: z.int(),
    duration: z.number(),
  }),
  output: fileSchema,
  plan: z.strictObject({ file: z.string().min(1), sha256: digestSchema }),
  /** Files made from this record. */
  attachments: z.array(attachmentSchema),
  profile: z.string(),
  /** SHA-256 of the settings that made the plan, or of the plan that was given. */
  settings: digestSchema,
  models: z.array(z.strictObject({ id: z.string(), digest: z.string(), threshold: z.number() })),
  frames: z.int().min(0),
  /** Regions by class: how many were covered and how many were proposed and left visible. */
  regions: z.record(z.string(), z.strictObject({ covered: z.int(), visible: z.int() })),
  covered: z.array(coveredSchema),
  /** When and where the regions were drawn, when not everywhere and always. */
  limits: z.strictObject({ spans: z.array(spanSchema).optional(), zones: z.array(boxSchema).optional() }),
  /** Everything outside these boxes was hidden as well. */
  keepOnly: z.strictObject({ boxes: z.array(boxSchema), style: z.string() }).optional(),
  reasons: z.array(usedReasonSchema),
  /** What was asked for the sound, and what became of each track. */
  sound: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.enum(['keep', 'mute', 'drop']) }),
    z.strictObject({
      mode: z.literal('spans'),
      spans: z.array(spanSchema),
      style: z.enum(['mute', 'bleep']),
    }),
  ]),
  audio: z.array(z.strictObject({ mode: z.string(), codec: z.string(), note: z.string().optional() })),
  removed: z.array(z.strictObject({ kind: z.string(), what: z.string() })),
  notes: z.array(z.string()),
  /** What a second look at the output found; absent when it was not looked at again. */
  check: checkReportSchema.optional(),
});
export type RedactionRecord = z.infer<typeof recordSchema>;

/** The record in a file's text, or undefined when it is not one that this version wrote. */
export function readRecord(text: string): RedactionRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The record as the text of its file: one covered region a line, so that a diff stays short. */
export function formatRecord(record: RedactionRecord): string {
  const { covered, ...head } = recordSchema.parse(record);
  const lines = covered.map((region) => `    ${JSON.stringify(region)}`).join(',\n');
  const opening = JSON.stringify(head, undefined, 2).slice(0, -2);
  return `${opening},\n  "covered": [${lines === '' ? '' : `\n${lines}\n  `}]\n}\n`;
}
