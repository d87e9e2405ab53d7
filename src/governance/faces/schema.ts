import { z } from 'zod';
import { testPlanSchema } from './plan.ts';

const interval = z.strictObject({ low: z.number(), high: z.number() });
const count = z.number().int().min(0);
/** A number that a test may be unable to give: null is "not estimable". */
const maybe = z.number().nullable();

/** An error rate with all that is known about how sure it is, at 95 %. */
export const estimateSchema = z.strictObject({
  errors: count,
  n: count,
  rate: maybe,
  /** Clopper and Pearson; takes comparisons as independent. */
  exact: interval,
  wilson: interval,
  /** Subjects resampled; null without subjects, and without errors, where it would say nothing. */
  bootstrap: interval.nullable(),
  designEffect: maybe,
});
export type Estimate = z.infer<typeof estimateSchema>;

/** A figure that is no share. */
const figure = z.strictObject({ value: maybe, interval: interval.nullable(), n: count });
export type Figure = z.infer<typeof figure>;

const verdict = z.strictObject({
  ratio: maybe,
  interval: interval.nullable(),
  p: maybe,
  verdict: z.enum(['worse', 'no-difference-found', 'not-estimable']),
  because: z.string().nullable(),
});

const inequity = z.strictObject({
  maxOverMin: figure,
  maxOverGeometricMean: figure,
  giniCorrected: figure,
  /** Worst group's lower exact bound over the best's upper one: the ratio is at least this. */
  atLeast: maybe,
  /** Worst group's upper exact bound over the best's lower one; null when that is zero. */
  atMost: maybe,
});
export type InequityReport = z.infer<typeof inequity>;

const point = z.strictObject({ threshold: z.number(), fmr: z.number(), fnmr: z.number() });

const group = z.strictObject({
  name: z.string(),
  subjects: count.nullable(),
  fmr: estimateSchema,
  fnmr: estimateSchema,
  verdict: z.strictObject({ fmr: verdict, fnmr: verdict }),
  det: z.array(point),
});
export type GroupReport = z.infer<typeof group>;

const rates = z.strictObject({ fmr: estimateSchema, fnmr: estimateSchema });

/** What people met at the gate: docs/face-testing.md. */
const experience = z.strictObject({
  name: z.string(),
  transactions: count,
  failureToEnrol: estimateSchema.nullable(),
  failureToAcquire: estimateSchema,
  far: maybe,
  frr: maybe,
  medianSeconds: figure,
  withinBudget: estimateSchema.nullable(),
  satisfied: estimateSchema.nullable(),
  passed: estimateSchema.nullable(),
});
export type ExperienceReport = z.infer<typeof experience>;

const searchRates = z.strictObject({
  name: z.string(),
  fpir: estimateSchema.nullable(),
  fnir: estimateSchema,
});

const mode = z.strictObject({
  threshold: maybe,
  all: searchRates,
  groups: z.array(searchRates),
});

export const claimsSchema = z.strictObject({
  format: z.literal('tidewaiter-face-test-1'),
  tool: z.strictObject({ name: z.literal('tidewaiter'), version: z.string() }),
  madeAt: z.iso.datetime(),
  /** What was tested, as the tester names it. */
  tested: z.strictObject({
    model: z.string().nullable(),
    camera: z.string().nullable(),
    purpose: z.string().nullable(),
  }),
  simulated: z.boolean(),
  inputs: z.array(
    z.strictObject({
      role: z.enum(['scores', 'nonmated', 'transactions', 'searches']),
      file: z.string(),
      sha256: z.string(),
    }),
  ),
  plan: testPlanSchema,
  /** What each group needed by the plan; null where there are no groups to compare. */
  planned: z.strictObject({ subjects: count, mated: count, nonmated: count }).nullable(),
  counts: z.strictObject({
    mated: count,
    nonmated: count,
    betweenGroups: count,
    subjects: count.nullable(),
    repeatedRows: count,
  }),
  /** The smallest score at which the FMR over all non-mated comparisons is at most the target. */
  threshold: z.number(),
  all: rates.extend({
    auc: figure,
    eer: z.strictObject({
      rate: z.number(),
      low: z.number(),
      high: z.number(),
      mated: count,
      nonmated: count,
    }),
    det: z.array(point),
  }),
  groups: z.array(group),
  inequity: z
    .strictObject({
      fmr: inequity,
      fnmr: inequity,
      fdr: figure,
      ir: figure,
      garbe: figure,
      /** Worst over best true match rate: an outcome that people experience. */
      fourFifthsTmr: figure,
    })
    .nullable(),
  quality: z.array(
    z.strictObject({
      component: z.string(),
      bands: z.array(rates.extend({ from: z.number(), to: z.number() })),
      notAssessed: count,
    }),
  ),
  experience: z
    .strictObject({ all: experience, groups: z.array(experience), fourFifthsPassed: figure.nullable() })
    .nullable(),
  identification: z
    .strictObject({
      gallery: count,
      listLength: count,
      lightsOut: mode.nullable(),
      investigation: mode,
    })
    .nullable(),
  notes: z.array(z.string()),
});
export type FaceTestClaims = z.infer<typeof claimsSchema>;

export const signedReportSchema = z.strictObject({
  claims: claimsSchema,
  /** Over the canonical JSON of `claims`, base64; null when nobody signed. */
  signature: z.string().nullable(),
  /** Fingerprint of the key that signed. */
  key: z.string().nullable(),
});
export type SignedFaceTest = z.infer<typeof signedReportSchema>;
