import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import { everybody } from '../../platform/routes/access.ts';
import { findProfile, profileNames } from './profile.ts';
import { builtInReasonTables, reasonTable } from './reasons.ts';

const profile = z
  .object({
    name: z.string(),
    summary: z.string(),
    effort: z.string(),
    classes: z.array(z.string()).describe('What is covered.'),
    text: z.enum(['all', 'sensitive']),
    style: z.string(),
    audio: z.enum(['keep', 'mute']),
    allowReversible: z.boolean(),
    secondPerson: z.boolean().describe('Somebody who edited nothing must approve a review.'),
  })
  .meta({ id: 'RedactionProfile' });

const table = z
  .object({
    id: z.string(),
    title: z.string(),
    reasons: z.array(z.object({ code: z.string(), basis: z.string(), text: z.string() })),
  })
  .meta({ id: 'ReasonTable' });

const access = { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' } as const;
const shown = { method: 'GET', tag: 'Redaction', access } as const;

/** What redactions go by: profiles, and tables of reasons. */
export function rulesRoutes(): Route[] {
  return [
    route({
      ...shown,
      path: '/redaction/profiles',
      id: 'listProfiles',
      summary: 'What each profile covers and how',
      answer: z.object({ items: z.array(profile) }),
      handle: () => {
        const items = profileNames.map(findProfile).map((one) => {
          const { name, summary, effort, text, style, audio, allowReversible, secondPerson } = one;
          return {
            ...{ name, summary, effort, text, style, audio, allowReversible, secondPerson },
            classes: [...one.classes],
          };
        });
        return Promise.resolve({ body: { items } });
      },
    }),
    route({
      ...shown,
      path: '/redaction/reason-tables',
      id: 'listReasonTables',
      summary: 'Reasons that may be given for a redaction, with the law each rests on',
      answer: z.object({ items: z.array(table) }),
      handle: () => {
        const items = builtInReasonTables
          .map((name) => reasonTable(name))
          .map(({ id, title, reasons }) => ({ id, title, reasons }));
        return Promise.resolve({ body: { items } });
      },
    }),
  ];
}
