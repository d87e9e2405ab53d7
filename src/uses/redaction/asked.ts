import { z } from 'zod';
import { profileNames } from './profile.ts';
import { builtInReasonTables } from './reasons.ts';

/** What is asked of a redaction or a review through the platform. */
export const redactionInput = z.strictObject({
  asset: z.uuid(),
  profile: z
    .string()
    .refine((name) => profileNames.includes(name), `one of ${profileNames.join(', ')}`)
    .default('standard'),
  reasons: z
    .string()
    .refine((name) => builtInReasonTables.includes(name), `one of ${builtInReasonTables.join(', ')}`)
    .optional()
    .describe('Table of reasons that is written into the record.'),
});
export type RedactionInput = z.output<typeof redactionInput>;
