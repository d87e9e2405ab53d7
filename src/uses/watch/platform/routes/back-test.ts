import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { backTest, type TestedAlert } from '../../back-test/run.ts';
import { parseSite } from '../../site/read.ts';
import { atSite, keepers } from '../access.ts';
import { siteParams } from './sites.ts';

const n = z.int();
const tested = z.object({
  ...{ camera: z.uuid(), rule: z.string(), track: z.string(), at: z.iso.datetime(), text: z.string() },
  outcome: z.enum(['confirmed', 'dismissed']).nullable(),
});
const LONGEST_MS = 31 * 86_400_000;
/** Alerts that are listed; all are counted. */
const LISTED = 500;

/** Trying rules on what was followed, before they are saved. */
export function backTestRoutes(platform: Platform): Route[] {
  return [
    route({
      method: 'POST',
      path: '/watch/sites/:site/back-test',
      id: 'backTestSite',
      tag: 'Watch',
      summary: 'What a changed site file would have told in a period: new, gone and the same alerts',
      access: atSite(platform.db, keepers, 'settings'),
      params: siteParams,
      body: z.strictObject({
        text: z.string().min(1).max(200_000).describe('The site file to try; nothing is saved.'),
        from: z.iso.datetime(),
        to: z.iso.datetime().describe('31 days after `from` at most.'),
        cameras: z.array(z.uuid()).min(1).max(200).optional(),
      }),
      answer: z.object({
        rules: z.array(
          z.object({ camera: z.uuid(), rule: z.string(), before: n, after: n, same: n, gone: n, new: n }),
        ),
        gone: z
          .object({ confirmed: n, dismissed: n, undecided: n })
          .describe('How the alerts that would be gone had been decided.'),
        goneAlerts: z.array(tested).describe('The first 500.'),
        newAlerts: z.array(tested).describe('The first 500.'),
        same: n,
        withoutTracks: n.describe('Told alerts of which no tracks are kept; in no other figure.'),
        notTestable: z.array(z.object({ camera: z.uuid(), rule: z.string(), kind: z.string() })),
        ...{ minutes: n, looks: n },
      }),
      handle: async ({ params, body, signal }) => {
        const [from, to] = [new Date(body.from), new Date(body.to)];
        if (from >= to || to.getTime() - from.getTime() > LONGEST_MS)
          throw new TidewaiterError(
            'E_BACK_TEST',
            'The period must end after it begins, within 31 days',
            'Choose a shorter period.',
          );
        const file = parseSite(body.text, 'the site file');
        const cameras = body.cameras === undefined ? {} : { cameras: body.cameras };
        const result = await backTest(platform, { site: params.site, file, from, to, ...cameras }, signal);
        const { goneAlerts, newAlerts, rules, notTestable } = result;
        return {
          body: {
            ...result,
            ...{ rules: [...rules], notTestable: [...notTestable] },
            ...{ goneAlerts: listed(goneAlerts), newAlerts: listed(newAlerts) },
          },
        };
      },
    }),
  ];
}

function listed(alerts: readonly TestedAlert[]): z.input<typeof tested>[] {
  return alerts.slice(0, LISTED).map(({ camera, rule, track, at, text, outcome }) => ({
    ...{ camera, rule, track, at: new Date(at).toISOString(), text, outcome },
  }));
}
