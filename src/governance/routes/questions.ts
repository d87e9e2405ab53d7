import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams } from '../../platform/routes/access.ts';
import { ask, questionsOf, reply, settle } from '../oversight/questions.ts';
import { officeMembers, officeRoles, type Office } from '../permits/offices.ts';
import { created, deciding, moment, overseeing, overseers, personOf, reason, tag } from './shared.ts';

const office = z.enum(Object.keys(officeRoles) as Office[]);

const threadView = z
  .object({
    ...{ id: z.uuid(), office },
    words: z.array(
      z.object({
        side: z.enum(['asks', 'answers']),
        role: z
          .string()
          .describe('The role of the office, `author`, or a role that may put versions forward.'),
        ...{ person: z.uuid(), said: z.string(), at: moment },
      }),
    ),
    ...{ settledBy: z.uuid().nullable(), settledAt: moment.nullable() },
  })
  .meta({ id: 'QuestionThread' });

/** What offices ask about a version of a use, and what they are answered. */
export function questionRoutes({ db, now }: Platform): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/governance/registrations/:id/questions', id: 'listQuestions', tag },
      summary: 'Questions of the offices about a version of a use, and the answers to them',
      access: overseeing,
      params: idParams,
      answer: z.object({ items: z.array(threadView) }),
      handle: async ({ params }) => ({ body: { items: await questionsOf(db, params.id) } }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/registrations/:id/questions', id: 'askQuestion', tag },
      summary:
        'Ask about a version of a use for your office; it is not signed before the question is settled',
      access: deciding(officeMembers),
      params: idParams,
      body: z.strictObject({ office, said: reason }),
      answer: created,
      status: 201,
      handle: async ({ params, body, principal }) => ({
        body: {
          id: await ask(db, { registration: params.id, ...body, by: personOf(principal), now: now() }),
        },
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/questions/:id/words', id: 'replyToQuestion', tag },
      summary: 'Answer an open question, or ask on for the office that asked',
      access: deciding(overseers),
      params: idParams,
      body: z.strictObject({ said: reason }),
      status: 204,
      handle: async ({ params, body, principal }) => {
        await reply(db, { question: params.id, ...body, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/questions/:id/settle', id: 'settleQuestion', tag },
      summary: 'Take the answer to a question of your office for enough',
      access: deciding(officeMembers),
      params: idParams,
      status: 204,
      handle: async ({ params, principal }) => {
        await settle(db, { question: params.id, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
  ];
}
