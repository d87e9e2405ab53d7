import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { TidewaiterError } from '../../../core/errors.ts';
import { problemSchema } from '../../../platform/http/problem.ts';
import { route, type Answer, type Route } from '../../../platform/http/route.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { atRow, idParams, workers } from '../../../platform/routes/access.ts';
import { readEdits, stateOf } from '../records.ts';
import { checkPerson, checkState, findReview, lockReview, readers } from './access.ts';
import { extend } from './apply.ts';
import type { BaseStore } from './base-store.ts';
import { editSchema } from './edit.ts';
import { reviewDoubts } from './doubts.ts';
import { present } from './presence.ts';
import { loggedEditView, toReview } from './views.ts';

const EVENT_MS = 500;
/** Proxies close what is silent for a minute. */
const SILENT_MS = 15_000;
/** Edits that one request may bring. */
const MOST_EDITS = 200;

const accepted = z.object({
  revision: z.int(),
  edits: z.array(loggedEditView).describe('What was added; with 409, what others added since.'),
});

/** Edits of a review, and who else makes them. */
export function editRoutes({ db, now }: Platform, bases: BaseStore): Route[] {
  return [
    route({
      method: 'GET',
      path: '/redaction/reviews/:id/edits',
      id: 'listEdits',
      tag: 'Redaction review',
      summary: 'Edits after a revision, in their order',
      access: atRow(db, 'redaction_reviews', readers, 'read'),
      params: idParams,
      query: z.object({
        after: z.coerce.number().int().min(0).max(2_000_000_000).default(0),
        limit: z.coerce.number().int().min(1).max(2000).default(500),
      }),
      answer: accepted.extend({ next: z.int().optional().describe('`after` of the next page.') }),
      handle: async ({ params, query }) => {
        const { revision } = await findReview(db, params.id);
        const edits = await readEdits(db, params.id, { ...query, upTo: revision });
        const last = edits.at(-1)?.seq ?? revision;
        return { body: { revision, edits, ...(last < revision ? { next: last } : {}) } };
      },
    }),
    route({
      method: 'POST',
      path: '/redaction/reviews/:id/edits',
      id: 'addEdits',
      tag: 'Redaction review',
      summary: 'Add edits to the revision they build on; all of them or none',
      access: atRow(db, 'redaction_reviews', workers, 'write'),
      params: idParams,
      body: z.strictObject({
        revision: z.int().min(0),
        edits: z.array(editSchema).min(1).max(MOST_EDITS),
      }),
      answer: accepted.extend(problemSchema.partial().shape),
      handle: async ({ params, body, principal }) => {
        checkPerson(principal);
        // Read before anything is held: it comes out of the vault.
        const { base_asset_id: baseId, ...found } = await findReview(db, params.id);
        checkState(stateOf({ ...found, base_asset_id: baseId }), ['open'], 'edited');
        const base = await bases.read(baseId);
        return db.transaction().execute(async (tx): Promise<Answer<z.input<typeof accepted>>> => {
          const review = await lockReview(tx, params.id);
          checkState(stateOf(review), ['open'], 'edited');
          const log = await readEdits(tx, params.id);
          const { revision } = review;
          const since = log.filter(({ seq }) => seq > body.revision);
          const again = since.slice(0, body.edits.length);
          // The answer to the same request was lost on the way.
          if (
            again.length === body.edits.length &&
            again.every(({ id }, index) => id === body.edits[index]?.id)
          )
            return { status: 200, body: { revision, edits: again } };
          if (revision !== body.revision) return changed(revision, since);
          const state = extend(base, log, body.edits);
          checkDoubts(body.edits, () => reviewDoubts(base, state).map(({ id }) => id));
          const moment = now();
          const by = principal.personId;
          const edits = body.edits.map((edit, index) => ({
            ...{ seq: revision + index + 1, ...edit, by, at: moment.toISOString() },
          }));
          await tx
            .insertInto('redaction_edits')
            .values(
              edits.map(({ id, seq, do: operation }) => ({
                ...{ review_id: params.id, seq, id, made_by: by, made_at: moment },
                operation: JSON.stringify(operation),
              })),
            )
            .execute();
          const newest = revision + edits.length;
          await tx
            .updateTable('redaction_reviews')
            .set({ revision: newest })
            .where('id', '=', params.id)
            .execute();
          await append(tx, {
            kind: 'redaction.edited',
            at: moment,
            actor: by,
            siteId: review.site_id,
            subjects: { case: review.case_id, review: params.id },
            facts: { edits: edits.length, revision: newest },
          });
          return { status: 201, body: { revision: newest, edits } };
        });
      },
    }),
    route({
      method: 'GET',
      path: '/redaction/reviews/:id/events',
      id: 'watchReview',
      tag: 'Redaction review',
      summary: 'New edits, the state, and who else looks at it, as server-sent events',
      access: atRow(db, 'redaction_reviews', readers, 'read'),
      params: idParams,
      query: z.object({ after: z.coerce.number().int().min(0).max(2_000_000_000).default(0) }),
      handle: ({ params, query, principal, signal }): Promise<Answer<Readable>> => {
        async function* events(): AsyncGenerator<string> {
          let [after, state, others, silent] = [query.after, '', '', 0];
          const seat = present(db, params.id, principal.personId);
          try {
            while (!signal.aborted) {
              const review = await findReview(db, params.id);
              const told: string[] = [];
              for (const edit of await readEdits(db, params.id, { after, upTo: review.revision })) {
                told.push(`id: ${edit.seq}\nevent: edit\ndata: ${JSON.stringify(edit)}\n\n`);
                after = edit.seq;
              }
              const now = JSON.stringify(toReview(review));
              if (now !== state) told.push(`event: review\ndata: ${now}\n\n`);
              const people = JSON.stringify(await seat.others());
              if (people !== others) told.push(`event: presence\ndata: ${people}\n\n`);
              [state, others] = [now, people];
              silent = told.length > 0 ? 0 : silent + EVENT_MS;
              if (silent >= SILENT_MS) {
                told.push(': still here\n\n');
                silent = 0;
              }
              yield* told;
              // Nothing comes after that.
              if (stateOf(review) === 'failed') return;
              await sleep(EVENT_MS, undefined, { signal }).catch(() => undefined);
            }
          } finally {
            await seat.leave();
          }
        }
        return Promise.resolve({
          body: Readable.from(events()),
          headers: {
            'content-type': 'text/event-stream',
            'cache-control': 'no-store',
            'x-accel-buffering': 'no',
          },
        });
      },
    }),
  ];
}

/** What others did is told at once, so that who comes late can put their edits on top of it. */
function changed(
  revision: number,
  edits: z.input<typeof accepted>['edits'],
): Answer<z.input<typeof accepted>> {
  const problem = {
    type: 'about:blank',
    status: 409,
    code: 'E_REVIEW_CHANGED',
    title: 'Somebody else changed the review meanwhile',
    remedy: 'Put your edits on top of those in this answer, and send them again.',
  };
  return {
    status: 409,
    headers: { 'content-type': 'application/problem+json' },
    body: { ...problem, revision, edits },
  };
}

/** A verdict on a doubt that nobody has would seem to settle something. */
function checkDoubts(edits: readonly z.output<typeof editSchema>[], known: () => readonly string[]): void {
  const named = edits.flatMap(({ do: operation }) => (operation.op === 'doubt' ? [operation.doubt] : []));
  if (named.length === 0) return;
  const ids = new Set(known());
  const missing = named.find((id) => !ids.has(id));
  if (missing !== undefined)
    throw new TidewaiterError(
      'E_EDIT_UNKNOWN',
      `There is no doubt called ${missing}`,
      'Load the doubts again: they follow the plan.',
    );
}
