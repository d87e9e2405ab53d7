import { z } from 'zod';

/**
 * What a second look at the rendered file found. Boxes are pixels of the output as displayed, times are seconds of its
 * own clock, which is the source's.
 */
export const findingKinds = [
  /** A region of the plan is not filled as its style says it must be. */
  'fill-missing',
  /** Something of a covered class is still to be seen. */
  'leftover',
  /** A track begins or ends in the middle of the picture, away from a cut. */
  'track-start',
  'track-end',
  /** A track of the same thing is interrupted. */
  'gap',
  /** A region comes and goes. */
  'flicker',
  /** One detection, with nothing before and after it to confirm it. */
  'single-detection',
] as const;
export type FindingKind = (typeof findingKinds)[number];

const moment = z.number();

export const checkFindingSchema = z.strictObject({
  /** Unique in the report. */
  id: z.string(),
  kind: z.enum(findingKinds),
  /** `leak`: something is left, and a person must look. `doubt`: worth a look when there is time. */
  level: z.enum(['leak', 'doubt']),
  class: z.string(),
  /** Region of the plan it is about, when it is about one. */
  region: z.string().optional(),
  start: moment,
  end: moment,
  /** Where it is at `start`: x, y, width, height. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  /** Frames in which it was seen. */
  frames: z.int().min(1),
  /** Best score of what was detected, 0..1. */
  score: z.number().min(0).max(1).optional(),
  /** For ranking only, 0..1, most urgent first. */
  urgency: z.number().min(0).max(1),
  /** One sentence for the person who looks. Never the text that was read. */
  says: z.string(),
});
export type CheckFinding = z.infer<typeof checkFindingSchema>;

export const checkReportSchema = z.strictObject({
  status: z.enum(['clean', 'needs-review']),
  /** How it was looked at, so that the result can be judged and repeated. */
  method: z.strictObject({
    everyFrames: z.int().min(1),
    models: z.array(z.strictObject({ id: z.string(), digest: z.string(), threshold: z.number() })),
  }),
  frames: z.strictObject({
    decoded: z.int(),
    /** Of these, how many the detectors looked at, and in how many text was read. */
    detected: z.int(),
    read: z.int(),
  }),
  /** Regions times frames whose fill was tested, and how many did not hold. */
  fills: z.strictObject({ tested: z.int(), missing: z.int() }),
  /** Most urgent first. */
  findings: z.array(checkFindingSchema),
  /** Further findings that are less urgent than all listed ones. */
  unlisted: z.int().min(0),
});
export type CheckReport = z.infer<typeof checkReportSchema>;
