import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import type { Principal, Role } from '../../platform/people/roles.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams } from '../../platform/routes/access.ts';
import {
  answerAttempt,
  findModule,
  openAttempt,
  releaseModule,
  releasesInForce,
} from '../training/attempts.ts';
import { moduleDigest, passMark, type TrainingModule } from '../training/module.ts';
import { trainingModules } from '../training/modules/index.ts';
import { requireTraining } from '../training/requirements.ts';
import { deciding, digest, moment, personOf, reason, useName } from './shared.ts';

export const trainingTag = 'Training';
const signedIn = { kind: 'session' } as const;
const moduleName = z.object({ module: z.string().max(63) });

const lessonsView = z.object({
  id: z.string(),
  version: z.int(),
  use: z.string(),
  title: z.string(),
  lessons: z.array(z.object({ title: z.string(), text: z.array(z.string()) })),
  choices: z.array(z.object({ id: z.string(), label: z.string() })),
});

const mineView = z
  .object({
    id: z.string(),
    version: z.int(),
    use: z.string(),
    title: z.string(),
    forMe: z.boolean().describe('Whether it is for a role that you hold.'),
    inForce: z.boolean().describe('Whether an office put this version into force.'),
    state: z.enum(['none', 'open', 'failed', 'passed', 'expired']),
    expires: moment.nullable().describe('When it must be passed again.'),
  })
  .meta({ id: 'MyTraining' });

/** What people learn before they decide about what AI proposes, and whether they did. */
export function trainingRoutes(platform: Platform): Route[] {
  const { db, now } = platform;
  return [
    route({
      ...{ method: 'GET', path: '/governance/training', id: 'listMyTraining', tag: trainingTag },
      summary: 'Modules, which of them are for you, and how you stand with each',
      access: signedIn,
      answer: z.object({ items: z.array(mineView) }),
      handle: async ({ principal }) => {
        const [attempts, released, done] = await Promise.all([
          db
            .selectFrom('training_attempts')
            .select(['module', 'passed'])
            .distinctOn('module')
            .where('person_id', '=', principal.personId)
            .orderBy('module')
            .orderBy('opened_at', 'desc')
            .execute(),
          releasesInForce(platform),
          db
            .selectFrom('governance_training')
            .select(['module', 'use'])
            .select((eb) => eb.fn.max('expires').as('expires'))
            .where('person_id', '=', principal.personId)
            .where('seal', 'is not', null)
            .groupBy(['module', 'use'])
            .execute(),
        ]);
        const items = trainingModules.map((module) => {
          const { id, version, use, title } = module;
          const last = attempts.find((one) => one.module === id);
          const expires = done.find((one) => one.module === id && one.use === use)?.expires ?? null;
          return {
            ...{ id, version, use, title, forMe: isFor(module, principal) },
            inForce: released.some((one) => one.module === id),
            state: stateOf(last?.passed, expires, now()),
            expires: expires?.toISOString() ?? null,
          };
        });
        return { body: { items } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/training/:module', id: 'getTraining', tag: trainingTag },
      summary: 'The lessons of a module',
      access: signedIn,
      params: moduleName,
      answer: lessonsView,
      handle: ({ params }) => {
        const { id, version, use, title, lessons, choices } = findModule(params.module);
        const shown = lessons.map((lesson) => ({ title: lesson.title, text: [...lesson.text] }));
        return Promise.resolve({ body: { id, version, use, title, lessons: shown, choices: [...choices] } });
      },
    }),
    route({
      ...{
        method: 'POST',
        path: '/governance/training/:module/attempts',
        id: 'openTraining',
        tag: trainingTag,
      },
      summary: 'Draw cases of a module, or get those that you drew and did not answer yet',
      access: signedIn,
      params: moduleName,
      answer: z.object({
        id: z.uuid(),
        needed: z.int().describe('Right answers that are needed.'),
        cases: z.array(z.object({ id: z.string(), finding: z.string(), evidence: z.array(z.string()) })),
      }),
      status: 201,
      handle: async ({ params, principal }) => {
        const module = findModule(params.module);
        const row = await openAttempt(platform, { id: module.id, person: principal.personId, now: now() });
        const cases = row.cases.flatMap((id) => {
          const asked = module.cases.find((one) => one.id === id);
          return asked === undefined ? [] : [{ id, finding: asked.finding, evidence: [...asked.evidence] }];
        });
        return { body: { id: row.id, needed: passMark(module), cases } };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/training-attempts/:id/answers', id: 'answerTraining' },
      tag: trainingTag,
      summary: 'Answer the cases, once; the answer explains each, and says whether you passed',
      access: signedIn,
      params: idParams,
      body: z.strictObject({ answers: z.record(z.string().max(63), z.string().max(63)) }),
      answer: z.object({
        score: z.int(),
        of: z.int(),
        needed: z.int(),
        passed: z.boolean(),
        expires: moment.nullable(),
        cases: z.array(z.object({ id: z.string(), given: z.string(), answer: z.string(), why: z.string() })),
      }),
      handle: async ({ params, body, principal }) => {
        const done = await answerAttempt(platform, {
          ...{ attempt: params.id, person: principal.personId, answers: body.answers, now: now() },
        });
        const { expires, cases, ...graded } = done;
        return { body: { ...graded, expires: expires?.toISOString() ?? null, cases: [...cases] } };
      },
    }),
    route({
      ...{
        method: 'POST',
        path: '/governance/training/:module/release',
        id: 'releaseTraining',
        tag: trainingTag,
      },
      summary: 'Put the present version of a module into force, and stand for what passing it is worth',
      access: deciding(['ai-governance', 'privacy', 'civil-rights']),
      params: moduleName,
      answer: z.object({ version: z.int(), digest }),
      handle: async ({ params, principal }) => {
        await releaseModule(platform, { id: params.module, by: personOf(principal), now: now() });
        const module = findModule(params.module);
        return { body: { version: module.version, digest: moduleDigest(module) } };
      },
    }),
    route({
      ...{ method: 'PUT', path: '/governance/uses/:name/training-requirement', id: 'requireTraining' },
      tag: trainingTag,
      summary: 'Say whether who decides in a use needs current training, and which module',
      access: deciding(['ai-governance']),
      params: z.object({ name: useName }),
      body: z.strictObject({
        required: z.boolean().describe('Where permits are enforced, training is needed all the same.'),
        module: z.string().max(63).nullable().describe('Null: any module of the use.'),
        reason,
      }),
      status: 204,
      handle: async ({ params, body, principal }) => {
        await requireTraining(platform, { use: params.name, ...body, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
  ];
}

function isFor({ roles }: TrainingModule, { grants }: Principal): boolean {
  const wanted: readonly Role[] = roles;
  return grants.some(({ role }) => wanted.includes(role));
}

/** @param passed of the newest attempt; null while it is open, undefined without one. */
function stateOf(
  passed: boolean | null | undefined,
  expires: Date | null,
  now: Date,
): z.infer<typeof mineView>['state'] {
  if (expires !== null && now < expires) return 'passed';
  if (passed === null) return 'open';
  if (passed === false) return 'failed';
  return expires === null ? 'none' : 'expired';
}
