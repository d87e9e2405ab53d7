import { sql } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, everybody, idParams } from '../../../../platform/routes/access.ts';

const moment = z.iso.datetime();
const LONGEST_MS = 32 * 86_400_000;

/** On which days a camera was recorded, and when. Tells nothing of what is seen in it. */
export function recordingDaysRoute({ db }: Platform): Route {
  return route({
    method: 'GET',
    path: '/watch/cameras/:id/recording/days',
    id: 'listRecordingDays',
    tag: 'Watch',
    summary: 'When a camera was recorded, by the days of its site, newest day first',
    access: atRow(db, 'watch_cameras', everybody, 'read'),
    params: idParams,
    query: z.object({ from: moment, to: moment.describe('At most 32 days after `from`.') }),
    answer: z.object({
      timeZone: z.string().describe('Of the site: its days are meant.'),
      days: z.array(
        z.object({
          day: z.iso.date(),
          bytes: z.number(),
          spans: z.array(z.object({ from: moment, to: moment })).describe('Without pauses, oldest first.'),
        }),
      ),
    }),
    handle: async ({ params, query }) => {
      const [from, to] = [new Date(query.from), new Date(query.to)];
      const length = to.getTime() - from.getTime();
      if (length <= 0 || length > LONGEST_MS)
        throw new TidewaiterError(
          'E_REQUEST',
          'Days of a recording are listed for at most 32 days, from an earlier to a later time',
          'Ask for a part of it.',
        );
      const { time_zone: timeZone } = await db
        .selectFrom('watch_cameras')
        .innerJoin('sites', 'sites.id', 'watch_cameras.site_id')
        .select('sites.time_zone')
        .where('watch_cameras.id', '=', params.id)
        .executeTakeFirstOrThrow();
      // A file a minute: those that follow one another within two seconds are one span. It begins with a new number.
      const { rows } = await sql<Span>`
        with files as (
          select from_at, to_at, bytes, to_char(from_at at time zone ${timeZone}, 'YYYY-MM-DD') as day
          from watch_segments where camera_id = ${params.id} and to_at > ${from} and from_at < ${to}
        ), begun as (
          select *, case when from_at <= lag(to_at) over (partition by day order by from_at) + interval '2 seconds'
            then 0 else 1 end as begins
          from files
        ), numbered as (
          select *, sum(begins) over (partition by day order by from_at) as span from begun
        )
        select day, min(from_at) as "from", max(to_at) as "to", sum(bytes) as bytes
        from numbered group by day, span order by day desc, min(from_at)`.execute(db);
      const days = Map.groupBy(rows, ({ day }) => day);
      return {
        body: {
          timeZone,
          days: [...days].map(([day, spans]) => ({
            day,
            bytes: spans.reduce((sum, { bytes }) => sum + Number(bytes), 0),
            spans: spans.map((span) => ({ from: span.from.toISOString(), to: span.to.toISOString() })),
          })),
        },
      };
    },
  });
}

interface Span {
  readonly day: string;
  readonly from: Date;
  readonly to: Date;
  readonly bytes: string;
}
