import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { pageOf } from '../http/paging.ts';
import { route, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { everybody, visibleSites } from './access.ts';

const observationView = z
  .object({
    id: z.string(),
    site: z.string(),
    asset: z.uuid().nullable(),
    camera: z.uuid().nullable(),
    seenAt: z.iso.datetime(),
    at: z.number().describe('Seconds from the start of the source.'),
    class: z.string(),
    score: z.number(),
    box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
    track: z.string().nullable(),
    text: z.string().nullable(),
    model: z.string(),
    modelDigest: z.string(),
  })
  .meta({ id: 'Observation' });

const span = {
  from: z.iso.datetime().describe('First moment.'),
  to: z.iso.datetime().describe('First moment that is too late.'),
  site: z.string().max(63).optional(),
};
/** Nobody looks over years of sightings at once: such a query says that it wants to follow somebody. */
const MOST_DAYS = 31;

/** What models saw. */
export function observationRoutes({ db }: Platform): Route[] {
  const access = { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' } as const;
  return [
    route({
      method: 'GET',
      path: '/observations',
      id: 'listObservations',
      tag: 'Observations',
      summary: 'What was seen in a span of time, newest first',
      access,
      query: z.object({
        ...span,
        class: z.string().max(63).optional(),
        minScore: z.coerce.number().min(0).max(1).optional(),
        asset: z.uuid().optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
        cursor: z.string().max(100).optional(),
      }),
      answer: pageOf(observationView),
      handle: async ({ query, principal }) => {
        const { from, to } = checkedSpan(query);
        let wanted = db
          .selectFrom('observations')
          .selectAll()
          .where('seen_at', '>=', from)
          .where('seen_at', '<', to)
          .orderBy('seen_at', 'desc')
          .orderBy('id', 'desc')
          .limit(query.limit + 1);
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.site !== undefined) wanted = wanted.where('site_id', '=', query.site);
        if (query.class !== undefined) wanted = wanted.where('class', '=', query.class);
        // Kept in single precision: what that cannot hold is an error to the database.
        if (query.minScore !== undefined) wanted = wanted.where('score', '>=', Math.fround(query.minScore));
        if (query.asset !== undefined) wanted = wanted.where('asset_id', '=', query.asset);
        if (query.cursor !== undefined) {
          const { at, id } = fromCursor(query.cursor);
          wanted = wanted.where((eb) =>
            eb(eb.refTuple('seen_at', 'id'), '<', eb.tuple(eb.val(at), eb.val(id))),
          );
        }
        const rows = await wanted.execute();
        const shown = rows.slice(0, query.limit);
        const last = rows.length > query.limit ? shown.at(-1) : undefined;
        const items = shown.map((row) => ({
          id: String(row.id),
          site: row.site_id,
          asset: row.asset_id,
          camera: row.camera_id,
          seenAt: row.seen_at.toISOString(),
          at: row.at,
          class: row.class,
          score: row.score,
          box: row.box,
          track: row.track,
          text: row.text,
          model: row.model,
          modelDigest: row.model_digest,
        }));
        return {
          body: { items, ...(last === undefined ? {} : { next: toCursor(last.seen_at, String(last.id)) }) },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/observations/hours',
      id: 'countObservations',
      tag: 'Observations',
      summary: 'How much was seen, by hour and class',
      access,
      query: z.object(span),
      answer: z.object({
        items: z.array(z.object({ hour: z.iso.datetime(), class: z.string(), count: z.int() })),
      }),
      handle: async ({ query, principal }) => {
        const { from, to } = checkedSpan(query);
        let wanted = db
          .selectFrom('observation_hours')
          .select((eb) => ['hour', 'class', eb.fn.sum<number>('count').as('count')])
          .where('hour', '>=', from)
          .where('hour', '<', to)
          .groupBy(['hour', 'class'])
          .orderBy('hour')
          .orderBy('class');
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.site !== undefined) wanted = wanted.where('site_id', '=', query.site);
        const rows = await wanted.execute();
        const items = rows.map((row) => ({
          hour: row.hour.toISOString(),
          class: row.class,
          count: Number(row.count),
        }));
        return { body: { items } };
      },
    }),
  ];
}

function checkedSpan(query: { readonly from: string; readonly to: string }): { from: Date; to: Date } {
  const [from, to] = [new Date(query.from), new Date(query.to)];
  if (to > from && to.getTime() - from.getTime() <= MOST_DAYS * 86_400_000) return { from, to };
  throw new TidewaiterError(
    'E_REQUEST',
    'The span is empty or too long',
    `Ask for ${MOST_DAYS} days at most.`,
  );
}

function toCursor(at: Date, id: string): string {
  return Buffer.from(`${at.getTime()}/${id}`).toString('base64url');
}

function fromCursor(cursor: string): { at: Date; id: string } {
  const [, at = '', id = ''] =
    /^(\d{1,15})\/(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (id !== '') return { at: new Date(Number(at)), id };
  throw new TidewaiterError(
    'E_REQUEST',
    'The cursor is none of this list',
    'Take it from `next` of an answer.',
  );
}
