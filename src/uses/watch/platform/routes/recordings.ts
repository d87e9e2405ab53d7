import { Readable } from 'node:stream';
import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { play, type PlayPart } from '../../../../media/live/record/index.ts';
import { route, type Answer, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, everybody, idParams } from '../../../../platform/routes/access.ts';
import { checkPerson, unmasked } from '../access.ts';
import { reason, recordLook } from '../live-access.ts';
import { openPicture } from '../pictures.ts';
import { openSegment, segmentRows, toSegment } from '../recording-segments.ts';

const moment = z.iso.datetime();
const period = z.object({ from: moment, to: moment.describe('At most six hours after `from`.') });
const gapView = z.object({
  ...{ from: moment, to: moment },
  why: z.enum(['not recorded', 'file missing', 'file damaged']),
});
const streamView = z.object({ at: moment, codecs: z.string() });
const LONGEST_MS = 6 * 3_600_000;
const shownOnce = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' };

/** What was recorded of cameras, as they saw and masked. */
export function recordingRoutes(platform: Platform): Route[] {
  const { db } = platform;
  return [
    route({
      method: 'GET',
      path: '/watch/cameras/:id/recording',
      id: 'playRecording',
      tag: 'Watch',
      summary:
        'What was recorded of a camera as one fragmented MP4, from the key frame before; it ends where the coding changes',
      access: atRow(db, 'watch_cameras', unmasked, 'read'),
      params: idParams,
      query: period.extend({ reason }),
      handle: async ({ params, query, principal }): Promise<Answer<Readable>> => {
        checkPerson(principal);
        const parts = await recorded(platform, params.id, query);
        const first = await firstPicture(parts);
        if (first === undefined) throw notRecorded();
        await recordLook(platform, {
          ...{ what: 'recording', reason: query.reason, cameraId: params.id, by: principal.personId },
          ...{ from: new Date(query.from), until: new Date(query.to) },
        });
        async function* bytes(): AsyncGenerator<Uint8Array> {
          yield first!.bytes;
          for await (const part of parts) {
            if (part.kind === 'head') return;
            if (part.kind === 'media') yield part.bytes;
          }
        }
        return {
          body: Readable.from(bytes(), { objectMode: false }),
          headers: {
            ...shownOnce,
            'content-type': `video/mp4; codecs="${first.codecs}"`,
            'x-begins-at': new Date(first.at).toISOString(),
          },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/watch/cameras/:id/recording/gaps',
      id: 'listRecordingGaps',
      tag: 'Watch',
      summary: 'Where the recording of a camera has gaps, and where it changes its coding',
      access: atRow(db, 'watch_cameras', everybody, 'read'),
      params: idParams,
      query: period,
      answer: z.object({ gaps: z.array(gapView), streams: z.array(streamView) }),
      handle: async ({ params, query }) => {
        const gaps: z.input<typeof gapView>[] = [];
        const streams: z.input<typeof streamView>[] = [];
        for await (const part of await recorded(platform, params.id, query)) {
          if (part.kind === 'head')
            streams.push({ at: new Date(part.at).toISOString(), codecs: part.codecs });
          if (part.kind !== 'gap') continue;
          const { from, to, why } = part.gap;
          gaps.push({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), why });
        }
        return { body: { gaps, streams } };
      },
    }),
    route({
      method: 'GET',
      path: '/watch/alerts/:id/recordings',
      id: 'listAlertRecordings',
      tag: 'Watch',
      summary: 'What was recorded around an alert, and what of it is missing; seconds from the alert on',
      access: atRow(db, 'watch_alerts', everybody, 'read'),
      params: idParams,
      answer: z.object({
        items: z.array(
          z.object({
            kind: z.enum(['clip', 'masked-still', 'masked-clip']),
            askedFrom: z.number().optional(),
            askedTo: z.number().optional(),
            begins: z.number().optional().describe('At a key frame: mostly earlier than asked for.'),
            ends: z.number().optional(),
            at: moment.optional(),
            missing: z.array(z.object({ from: z.number(), to: z.number(), why: z.string() })).optional(),
            salvaged: z.literal(true).optional().describe('Whole pictures of a recording that broke off.'),
          }),
        ),
      }),
      handle: async ({ params }) => {
        const rows = await db
          .selectFrom('watch_recorded')
          .select(['kind', 'about'])
          .where('alert_id', '=', params.id)
          .orderBy('kind')
          .execute();
        return {
          body: {
            items: rows.map(({ kind, about: { missing, ...about } }) => ({
              ...{ kind, ...about },
              ...(missing === undefined ? {} : { missing: missing.map((one) => ({ ...one })) }),
            })),
          },
        };
      },
    }),
    masked(platform, 'masked.jpg', 'masked-still', 'The picture of an alert, masked'),
    masked(platform, 'masked.mp4', 'masked-clip', 'The clip of an alert, masked'),
  ];
}

/** What is masked is for everybody who works at the site: nobody can be told in it. */
function masked(
  platform: Platform,
  name: 'masked.jpg' | 'masked.mp4',
  kind: 'masked-still' | 'masked-clip',
  summary: string,
): Route {
  return route({
    method: 'GET',
    path: `/watch/alerts/:id/${name}`,
    id: kind === 'masked-still' ? 'getMaskedStill' : 'getMaskedClip',
    tag: 'Watch',
    summary,
    access: atRow(platform.db, 'watch_alerts', everybody, 'read'),
    params: idParams,
    handle: async ({ params }): Promise<Answer<Readable>> => {
      const row = await platform.db
        .selectFrom('watch_recorded')
        .select('asset_id')
        .where('alert_id', '=', params.id)
        .where('kind', '=', kind)
        .executeTakeFirst();
      if (row === undefined) throw notRecorded();
      const { body, mediaType } = await openPicture(platform, row.asset_id);
      return { body, headers: { ...shownOnce, 'content-type': mediaType } };
    },
  });
}

function notRecorded(): TidewaiterError {
  return new TidewaiterError(
    'E_NOT_RECORDED',
    'There is no recording of this',
    'Look at the gaps of the recording, and at what was recorded around the alert.',
  );
}

/** @throws TidewaiterError `E_REQUEST` for a time that is none or too long. */
async function recorded(
  platform: Platform,
  cameraId: string,
  given: { readonly from: string; readonly to: string },
): Promise<AsyncGenerator<PlayPart>> {
  const [from, to] = [new Date(given.from), new Date(given.to)];
  const length = to.getTime() - from.getTime();
  if (length <= 0 || length > LONGEST_MS)
    throw new TidewaiterError(
      'E_REQUEST',
      'A recording is played for at most six hours, from an earlier to a later time',
      'Ask for a part of it.',
    );
  const rows = await segmentRows(platform.db, cameraId, from, to);
  const byFile = new Map(rows.map((row) => [row.file, row]));
  return play(rows.map(toSegment), { from: from.getTime(), to: to.getTime() }, ({ file }) =>
    openSegment(platform, byFile.get(file)!),
  );
}

async function firstPicture(
  parts: AsyncGenerator<PlayPart>,
): Promise<(PlayPart & { readonly kind: 'head' }) | undefined> {
  for (;;) {
    const next = await parts.next();
    if (next.done === true) return undefined;
    if (next.value.kind === 'head') return next.value;
  }
}
