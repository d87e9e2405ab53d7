import { z } from 'zod';

/** What can be measured, by kind of test. */
export const measureNames = {
  detection: ['recall', 'precision', 'average-precision'],
  comparison: ['fmr', 'fnmr'],
} as const;
export const measureName = z.enum([...measureNames.detection, ...measureNames.comparison]);
export type MeasureName = z.infer<typeof measureName>;

const goalSchema = z
  .strictObject({
    measure: measureName,
    atLeast: z.number().min(0).max(1).optional(),
    atMost: z.number().min(0).max(1).optional(),
  })
  .refine(({ atLeast, atMost }) => (atLeast === undefined) !== (atMost === undefined), {
    error: 'a goal is atLeast or atMost',
  });
export type Goal = z.infer<typeof goalSchema>;

const limitsSchema = z.strictObject({
  startSeconds: z.number().positive().max(600).default(60),
  itemSeconds: z.number().positive().max(600).default(30),
  totalSeconds: z.number().positive().max(86_400).default(3600),
  memoryMiB: z.int().min(64).max(65_536).default(4096),
});

/**
 * What is asked of a model, written before anybody is tested and sealed with the set. Docs: docs/acceptance.md.
 */
export const planSchema = z
  .strictObject({
    schema: z.literal(1),
    /** Name of the use whose permits the verdict counts for. */
    use: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
    kind: z.enum(['detection', 'comparison']),
    /** Overlap from which a box has found what it should, 0..1. */
    iou: z.number().gt(0).max(1).default(0.5),
    /** A score from which a detection or a match counts. */
    threshold: z.number(),
    goals: z.array(goalSchema).min(1),
    /** How many things to find, or comparisons of each sort, are needed to say anything. */
    sample: z.strictObject({
      truths: z.int().min(1).optional(),
      mated: z.int().min(1).optional(),
      nonmated: z.int().min(1).optional(),
    }),
    limits: limitsSchema.prefault({}),
    /** How long a verdict counts, at most 36. */
    months: z.int().min(1).max(36).default(12),
    /** True where the set is made up; the report says so. */
    simulated: z.boolean().default(false),
  })
  .superRefine(({ kind, goals, sample }, context) => {
    const measures: readonly string[] = measureNames[kind];
    for (const { measure } of goals)
      if (!measures.includes(measure))
        context.addIssue({ code: 'custom', path: ['goals'], message: `${measure} is not of ${kind}` });
    const needed = kind === 'detection' ? (['truths'] as const) : (['mated', 'nonmated'] as const);
    for (const name of needed)
      if (sample[name] === undefined)
        context.addIssue({ code: 'custom', path: ['sample', name], message: 'it has to be planned' });
  });
export type AcceptancePlan = z.infer<typeof planSchema>;
