import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { deciding, moment, personOf, seeing, tag, useName } from '../routes/shared.ts';
import { defaultNotices } from './default-notices.ts';
import { listNotices, publishNotice } from './notices.ts';

const language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/);
const toDate = moment.transform((text) => new Date(text));

const noticeView = z
  .object({
    ...{ id: z.uuid(), use: z.string(), language, version: z.int(), notice: z.string() },
    optingOut: z.string().describe('How somebody opts out.'),
    counsel: z.string().describe('Who of counsel read it, and when.'),
    ...{ effective: moment, ends: moment },
    current: z.boolean().describe('Whether gates ask for this one now.'),
  })
  .meta({ id: 'CaptureNotice' });

/** What travellers are told before a camera may capture a face. */
export function noticeRoutes({ db, now }: Platform): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/governance/notices', id: 'listNotices', tag },
      summary: 'Published notices, newest first, and drafts to begin with',
      access: seeing,
      query: z.object({ use: useName.optional() }),
      answer: z.object({
        items: z.array(noticeView),
        drafts: z
          .array(
            z.object({
              ...{
                language,
                status: z.literal('draft-for-counsel'),
                notice: z.string(),
                optingOut: z.string(),
              },
            }),
          )
          .describe('No gate takes them.'),
      }),
      handle: async ({ query }) => ({
        body: { items: await listNotices(db, query.use, now()), drafts: [...defaultNotices] },
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/notices', id: 'publishNotice', tag },
      summary: 'Publish the next version of a notice: gates take no older one from its day on',
      access: deciding(['privacy']),
      body: z.strictObject({
        ...{ use: useName, language },
        notice: z.string().trim().min(40).max(8000),
        optingOut: z.string().trim().min(20).max(8000).describe('How somebody opts out.'),
        counsel: z.string().trim().min(3).max(1000).describe('Who of counsel read it, and when.'),
        effective: toDate,
        ends: toDate.describe('At most 36 months later.'),
      }),
      answer: z.object({ id: z.uuid(), version: z.int() }),
      status: 201,
      handle: async ({ body, principal }) => ({
        body: await publishNotice(db, { ...body, by: personOf(principal), now: now() }),
      }),
    }),
  ];
}
