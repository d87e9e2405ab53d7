import { Readable } from 'node:stream';
import { route, type Answer, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { everybody } from '../../../../platform/routes/access.ts';
import { capAlert, capFeed } from '../../outputs/cap.ts';
import { consoleUrl, incidentMessages } from '../../outputs/facts.ts';
import { atSite } from '../access.ts';
import { siteParams } from './sites.ts';

const FEED_ENTRIES = 200;

/** Incidents for who fetches CAP instead of being sent it; see docs/alert-delivery.md. */
export function capFeedRoute({ db, settings, now }: Platform): Route {
  return route({
    method: 'GET',
    path: '/watch/sites/:site/cap',
    id: 'getCapFeed',
    tag: 'Watch',
    summary: 'The newest incidents of the site as CAP 1.2 alerts in an Atom feed',
    access: atSite(db, everybody, 'read'),
    params: siteParams,
    handle: async ({ params }): Promise<Answer<Readable>> => {
      const rows = await db
        .selectFrom('watch_incidents')
        .select('id')
        .where('site_id', '=', params.site)
        .orderBy('created_at', 'desc')
        .limit(FEED_ENTRIES)
        .execute();
      const base = consoleUrl(settings);
      const messages = await incidentMessages(
        db,
        rows.map(({ id }) => id),
        { receiver: 'cap', base },
      );
      const sender = `tidewaiter@${new URL(base).hostname}`;
      const alerts = messages.map((message, at) => {
        const earlier = messages.slice(0, at).filter(({ incident }) => incident === message.incident);
        return { message, cap: capAlert(message, { sender, earlier }) };
      });
      const feed = capFeed(params.site, now(), alerts.toReversed());
      const headers = {
        'content-type': 'application/atom+xml; charset=utf-8',
        'cache-control': 'no-store',
      };
      return { body: Readable.from([Buffer.from(feed)]), headers };
    },
  });
}
