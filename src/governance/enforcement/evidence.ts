import { z } from 'zod';
import { independentKinds } from './tables.ts';

/** What a person found or attests, and whether they were led to it by what an AI said. */
const independent = z.strictObject({
  kind: z.enum(independentKinds),
  what: z.string().trim().min(3).max(4000),
  foundBy: z.uuid().toLowerCase().describe('Who found it or attests it.'),
  restsOnAi: z
    .boolean()
    .describe(
      'True when nothing would be left of it without what an AI said: it then counts as no other evidence.',
    ),
});

/** What an AI said: a lead, with how often it is wrong at the threshold it was used at. */
const lead = z.strictObject({
  kind: z.literal('ai-lead'),
  what: z.string().trim().min(3).max(4000),
  finding: z.uuid().toLowerCase().optional(),
  model: z.string().trim().min(1).max(200),
  threshold: z.number().min(0).max(1),
  errorRate: z
    .strictObject({
      kind: z.string().trim().min(1).max(100).describe('Such as `FMR` or `false-positive`.'),
      errors: z.int().min(0),
      trials: z.int().min(1),
    })
    .refine(({ errors, trials }) => errors <= trials, 'more errors than trials')
    .describe('From the test at this threshold.'),
});

export const evidenceSchema = z.discriminatedUnion('kind', [independent, lead]);
export type NewEvidence = z.output<typeof evidenceSchema>;

/** What a record of enforcement is made of. */
export const enforcementSchema = z.strictObject({
  case: z.uuid().toLowerCase(),
  action: z.string().trim().min(3).max(4000).describe('What is to be done.'),
  authority: z.string().trim().min(3).max(1000).describe('The law that allows it.'),
  evidence: z.array(evidenceSchema).min(1).max(200),
});
export type NewEnforcement = z.output<typeof enforcementSchema>;
