import { sql } from 'kysely';
import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { atRow, everybody, idParams } from './access.ts';

/** The newest of what happened; the whole is in the ledger. */
const MOST = 200;

const activity = z
  .object({
    index: z.int().describe('Place in the ledger.'),
    at: z.iso.datetime(),
    kind: z.string(),
    actor: z.string().describe('Id of a person, or `system`.'),
    subjects: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Activity' });

/** What the ledger says about a case or an asset: who did and who saw what, and when. */
export function activityRoutes({ db }: Platform): Route[] {
  return (['case', 'asset'] as const).map((what) =>
    route({
      method: 'GET',
      path: `/${what}s/:id/activity`,
      id: `list${what === 'case' ? 'Case' : 'Asset'}Activity`,
      tag: what === 'case' ? 'Cases' : 'Assets',
      summary: `What happened to this ${what}, from the ledger: the newest ${MOST}`,
      access: atRow(db, `${what}s`, everybody, 'read'),
      params: idParams,
      answer: z.object({ items: z.array(activity) }),
      handle: async ({ params }) => {
        const rows = await db
          .selectFrom('ledger')
          .select(['index', 'event'])
          .where(sql<string>`event -> 'subjects' ->> ${sql.lit(what)}`, '=', params.id)
          .orderBy('index', 'desc')
          .limit(MOST)
          .execute();
        type Event = Pick<z.infer<typeof activity>, 'at' | 'kind' | 'actor' | 'subjects'>;
        const items = rows.map(({ index, event }) => {
          const { at, kind, actor, subjects } = event as Event;
          return { index: Number(index), at, kind, actor, subjects };
        });
        return { body: { items } };
      },
    }),
  );
}
