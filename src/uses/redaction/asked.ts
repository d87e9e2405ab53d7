import { z } from 'zod';
import type { Access } from '../../platform/http/route.ts';
import { workers } from '../../platform/routes/access.ts';
import type { Database } from '../../platform/store/database.ts';
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

/** Who may ask: whoever works where the asset lies. */
export function whereAskedFor(db: Database): Access {
  return {
    kind: 'role',
    roles: workers,
    scope: 'jobs',
    at: async ({ body }) => {
      const { asset } = body as RedactionInput;
      const row = await db.selectFrom('assets').select('site_id').where('id', '=', asset).executeTakeFirst();
      return row?.site_id;
    },
  };
}
