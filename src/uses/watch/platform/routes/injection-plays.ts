import { z } from 'zod';
import { route, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atSite } from '../access.ts';
import { siteParams } from './sites.ts';

const moment = z.iso.datetime();
const answers = ['open', 'acknowledged', 'confirmed', 'dismissed', 'escalated', 'missed'] as const;
const MOST = 500;

const playView = z.object({
  ...{ id: z.uuid(), plan: z.uuid(), camera: z.uuid(), playedAt: moment, rule: z.string() },
  state: z.enum(['playing', 'detected', 'undetected', 'not armed', 'failed']),
  latency: z.number().nullable().describe('Seconds from the first frame to the alert of its rule.'),
  answer: z
    .enum(answers)
    .nullable()
    .describe('What the desk did with its incident; null when there was none. `missed`: nobody in time.'),
  acknowledgedAfterSeconds: z.number().nullable(),
  problem: z.string().nullable(),
});

/** Each playing of a known clip and how the desk answered. It names nobody, and not the incident, which would. */
export function injectionPlayRoute({ db }: Platform): Route {
  return route({
    method: 'GET',
    path: '/watch/sites/:site/injection-plays',
    id: 'listInjectionPlays',
    tag: 'Watch',
    summary: `Playings of known clips and how each was answered, by no person; the newest ${MOST}`,
    access: atSite(db, ['supervisor'], 'read'),
    params: siteParams,
    query: z.object({ from: moment, to: moment }),
    answer: z.object({ items: z.array(playView) }),
    handle: async ({ params, query }) => {
      const rows = await db
        .selectFrom('watch_injections as played')
        .innerJoin('watch_injection_plans as plan', 'plan.id', 'played.plan_id')
        .leftJoin('watch_incidents as incident', 'incident.id', 'played.incident_id')
        .select(['played.run_id', 'played.plan_id', 'played.camera_id', 'played.played_at', 'played.state'])
        .select(['played.latency', 'played.problem', 'plan.rule'])
        .select(['incident.state as incidentState', 'incident.outcome', 'incident.escalated_to'])
        .select(['incident.started_at', 'incident.acknowledged_at'])
        .where('played.site_id', '=', params.site)
        .where('played.played_at', '>=', new Date(query.from))
        .where('played.played_at', '<', new Date(query.to))
        .orderBy('played.played_at', 'desc')
        .limit(MOST)
        .execute();
      return {
        body: {
          items: rows.map((row) => ({
            ...{ id: row.run_id, plan: row.plan_id, camera: row.camera_id, rule: row.rule },
            ...{ playedAt: row.played_at.toISOString(), state: row.state, latency: row.latency },
            answer: answerOf(row),
            acknowledgedAfterSeconds:
              row.acknowledged_at === null || row.started_at === null
                ? null
                : (row.acknowledged_at.getTime() - row.started_at.getTime()) / 1000,
            problem: row.problem,
          })),
        },
      };
    },
  });
}

function answerOf(row: {
  readonly incidentState: string | null;
  readonly outcome: 'confirmed' | 'dismissed' | null;
  readonly escalated_to: string | null;
  readonly acknowledged_at: Date | null;
}): (typeof answers)[number] | null {
  if (row.incidentState === null) return null;
  if (row.outcome !== null) return row.outcome;
  if (row.escalated_to !== null) return 'escalated';
  if (row.incidentState === 'closed') return 'missed';
  return row.acknowledged_at === null ? 'open' : 'acknowledged';
}
