import { Readable } from 'node:stream';
import { z } from 'zod';
import { route, type Answer, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { everybody } from '../../../../platform/routes/access.ts';
import { atSite } from '../access.ts';
import { eventRange, eventsAfter, type WatchEvent } from '../events.ts';
import { camerasOf, toCamera } from './cameras.ts';
import { toIncident } from './incidents.ts';
import { toOverride } from './overrides.ts';
import { siteParams } from './sites.ts';

/** Proxies close what is silent for a minute. */
const SILENT_MS = 15_000;

/** What happens at a site, as it happens. */
export function eventRoutes({ db }: Platform): Route[] {
  /** The thing as it is now: of several changes at once a console needs the last. */
  const seen = async ({ kind, about }: WatchEvent): Promise<object | undefined> => {
    switch (kind) {
      case 'incident': {
        const row = await db
          .selectFrom('watch_incidents')
          .selectAll()
          .where('id', '=', about)
          .executeTakeFirst();
        return row && toIncident(row);
      }
      case 'camera': {
        const row = await camerasOf(db).where('watch_cameras.id', '=', about).executeTakeFirst();
        return row && toCamera(row);
      }
      case 'override': {
        const row = await db
          .selectFrom('watch_overrides')
          .selectAll()
          .where('id', '=', about)
          .executeTakeFirst();
        return row && toOverride(row);
      }
    }
  };
  return [
    route({
      method: 'GET',
      path: '/watch/sites/:site/events',
      id: 'followWatchSite',
      tag: 'Watch',
      summary:
        'Incidents, cameras and overrides each time they change, as server-sent events; Last-Event-ID goes on where it broke off',
      access: atSite(db, everybody, 'read'),
      params: siteParams,
      query: z.object({
        after: z.coerce
          .number()
          .int()
          .min(0)
          .max(Number.MAX_SAFE_INTEGER)
          .optional()
          .describe('As Last-Event-ID.'),
        follow: z
          .enum(['yes', 'no'])
          .default('yes')
          .describe('`no` ends when all that there is has been told: for programs that ask now and then.'),
      }),
      handle: async ({ params, query, headers, signal }): Promise<Answer<Readable>> => {
        const { newest, oldest } = await eventRange(db, params.site);
        const given = lastId(headers['last-event-id']) ?? query.after;
        // What was forgotten meanwhile, or comes of a restored database, cannot be told: the console reads all anew.
        const lost = given !== undefined && (given > newest || given < oldest - 1);
        async function* events(): AsyncGenerator<string> {
          const start = given === undefined || lost ? newest : given;
          yield `id: ${start}\nevent: ${lost ? 'reset' : 'ready'}\ndata: {}\n\n`;
          let spoken = performance.now();
          for await (const batch of eventsAfter(db, params.site, start, signal)) {
            for (const event of batch) {
              const thing = await seen(event);
              const data = JSON.stringify({ at: event.at.toISOString(), [event.kind]: thing ?? null });
              yield `id: ${event.seq}\nevent: ${event.kind}\ndata: ${data}\n\n`;
              spoken = performance.now();
            }
            if (query.follow === 'no' && batch.length === 0) return;
            if (performance.now() - spoken > SILENT_MS) {
              yield ': still here\n\n';
              spoken = performance.now();
            }
          }
        }
        return {
          body: Readable.from(events()),
          headers: {
            'content-type': 'text/event-stream',
            'cache-control': 'no-store',
            'x-accel-buffering': 'no',
          },
        };
      },
    }),
  ];
}

function lastId(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
