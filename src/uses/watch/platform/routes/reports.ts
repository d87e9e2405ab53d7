import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, everybody, idParams } from '../../../../platform/routes/access.ts';
import { atSite, desk } from '../access.ts';
import { coverageOf } from '../coverage.ts';
import { handoverOf, handoverText, type HandoverIncident } from '../handover.ts';
import { loadOf } from '../load.ts';
import { siteParams } from './sites.ts';

const moment = z.iso.datetime();
const period = z.object({ from: moment, to: moment });
const LONGEST_DAYS = 31;

const loadView = z.object({
  ...{ incidents: z.int(), operatorHours: z.number() },
  unattended: z.int().describe('Incidents of hours in which nobody worked at the desk.'),
  perOperatorHour: z
    .number()
    .nullable()
    .describe('Of the hours in which somebody did; null when nobody ever did.'),
  tenMinutes: z
    .object({
      ...{ intervals: z.int(), mean: z.number(), most: z.int() },
      above: z.int().describe('Intervals with more than one: what EEMUA 191 asks to stay below.'),
      floods: z.int().describe('Intervals with ten or more.'),
    })
    .describe('Incidents in ten minutes.'),
  acknowledged: z.object({
    ...{ n: z.int(), medianSeconds: z.number().nullable(), p95Seconds: z.number().nullable() },
  }),
  decided: z.object({ n: z.int(), dismissed: z.int() }),
  noisiest: z.array(
    z.object({
      ...{ camera: z.uuid(), rule: z.string(), alerts: z.int(), dismissed: z.int() },
      ...{ mostInMinute: z.int(), chattering: z.boolean().describe('Three or more within a minute.') },
    }),
  ),
});

const incidentLine = z.object({
  ...{ id: z.uuid(), camera: z.string(), severity: z.string(), state: z.string(), startedAt: moment },
  ...{ rules: z.array(z.string()), outcome: z.string().nullable(), escalatedTo: z.string().nullable() },
  ...{ acknowledgedAfterSeconds: z.number().nullable(), notes: z.array(z.string()) },
});

/** What was covered, what was asked of operators, and what the next shift must know. */
export function reportRoutes(platform: Platform): Route[] {
  const { db } = platform;
  return [
    route({
      method: 'GET',
      path: '/watch/cameras/:id/coverage',
      id: 'getCoverage',
      tag: 'Watch',
      summary:
        'Seconds of each hour in which a camera saw, was blind, or was not watched: quiet is not blind',
      access: atRow(db, 'watch_cameras', everybody, 'read'),
      params: idParams,
      query: period,
      answer: z.object({
        hours: z.array(
          z.object({
            ...{ hour: moment, seeing: z.number(), blind: z.number(), unwatched: z.number() },
            alerts: z.int().describe('That were shown; none of an hour that was seen is quiet.'),
          }),
        ),
      }),
      handle: async ({ params, query }) => {
        const { from, to } = checked(query);
        const hours = await coverageOf(db, params.id, from, to);
        return { body: { hours: hours.map(({ hour, ...rest }) => ({ ...rest, hour: hour.toISOString() })) } };
      },
    }),
    route({
      method: 'GET',
      path: '/watch/sites/:site/load',
      id: 'getOperatorLoad',
      tag: 'Watch',
      summary: 'What operators were asked to look at, and how they kept up; test clips left out',
      access: atSite(db, everybody, 'read'),
      params: siteParams,
      query: period,
      answer: loadView,
      handle: async ({ params, query }) => {
        const { from, to } = checked(query);
        const load = await loadOf(db, params.site, from, to);
        return { body: { ...load, noisiest: [...load.noisiest] } };
      },
    }),
    route({
      method: 'GET',
      path: '/watch/sites/:site/handover',
      id: 'getHandover',
      tag: 'Watch',
      summary: 'The report for the next shift, as data and as text to print',
      access: atSite(db, [...desk, 'privacy', 'admin'], 'read'),
      params: siteParams,
      query: period,
      answer: z.object({
        ...{ site: z.string(), siteName: z.string(), timeZone: z.string(), from: moment, to: moment },
        ...{ open: z.array(incidentLine), happened: z.array(incidentLine), tests: z.array(incidentLine) },
        gaps: z.array(
          z.object({ camera: z.uuid(), name: z.string(), from: moment, to: moment, why: z.string() }),
        ),
        overrides: z.array(
          z.object({
            ...{ place: z.string(), state: z.string(), reason: z.string() },
            ...{ from: moment, until: moment },
          }),
        ),
        load: loadView,
        text: z.string(),
      }),
      handle: async ({ params, query }) => {
        const { from, to } = checked(query);
        const report = await handoverOf(platform, params.site, from, to);
        const line = (one: HandoverIncident): z.input<typeof incidentLine> => ({
          ...one,
          ...{ startedAt: one.startedAt.toISOString(), rules: [...one.rules], notes: [...one.notes] },
        });
        return {
          body: {
            ...{ site: report.site, siteName: report.siteName, timeZone: report.timeZone },
            ...{ from: from.toISOString(), to: to.toISOString() },
            open: report.open.map(line),
            happened: report.happened.map(line),
            tests: report.tests.map(line),
            gaps: report.gaps.map((gap) => ({
              ...gap,
              ...{ from: gap.from.toISOString(), to: gap.to.toISOString() },
            })),
            overrides: report.overrides.map((one) => ({
              ...one,
              ...{ from: one.from.toISOString(), until: one.until.toISOString() },
            })),
            load: { ...report.load, noisiest: [...report.load.noisiest] },
            text: handoverText(report),
          },
        };
      },
    }),
  ];
}

/** @throws TidewaiterError `E_REQUEST`. */
function checked({ from, to }: z.output<typeof period>): { readonly from: Date; readonly to: Date } {
  const [start, end] = [new Date(from), new Date(to)];
  const days = (end.getTime() - start.getTime()) / 86_400_000;
  if (days > 0 && days <= LONGEST_DAYS) return { from: start, to: end };
  throw new TidewaiterError(
    'E_REQUEST',
    `The period must end after it begins, and last ${LONGEST_DAYS} days at most`,
    'Give `from` and `to` so.',
  );
}
