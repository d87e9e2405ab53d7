import { governanceSchema } from '../governance/migrations/index.ts';
import type { Route } from '../platform/http/route.ts';
import type { JobKind } from '../platform/jobs/kind.ts';
import { platformSchema } from '../platform/migrations/index.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settings } from '../platform/settings/settings.ts';
import type { SchemaStep } from '../platform/store/migrate.ts';
import type { ServiceKind } from '../platform/services/kind.ts';
import { useCharters } from './charters.ts';
import { redactionJobs } from './redaction/jobs.ts';
import { reviews } from './redaction/migrations/2026-11-22-1820-reviews.ts';
import { ownFindings } from './redaction/review/own-findings.ts';
import { redactionRoutes } from './redaction/routes.ts';
import { watchCamera } from './watch/live.ts';
import { ownWatchFindings } from './watch/platform/access.ts';
import { watchSchema } from './watch/platform/migrations/2026-11-22-2300-watch.ts';
import { recordingsSchema } from './watch/platform/migrations/2026-11-23-0010-recordings.ts';
import { channelsSchema } from './watch/platform/migrations/2026-11-23-0030-channels.ts';
import { injectionsSchema } from './watch/platform/migrations/2026-11-23-0040-injections.ts';
import { removedCamerasSchema } from './watch/platform/migrations/2026-11-23-0810-removed-cameras.ts';
import { learningSchema } from './watch/platform/migrations/2026-11-23-0020-learning.ts';
import { watchRoutes } from './watch/platform/routes/index.ts';
import { watchServices } from './watch/platform/services.ts';

/** The schema: the platform's steps and those of every use. A new use is one more line here. */
export const wholeSchema: readonly SchemaStep[] = [
  ...platformSchema,
  ...governanceSchema,
  reviews,
  watchSchema,
  recordingsSchema,
  learningSchema,
  channelsSchema,
  injectionsSchema,
  removedCamerasSchema,
];

/** Names of the uses. */
export const useNames: readonly string[] = useCharters.map(({ use }) => use);

/** Kinds of findings that uses decide themselves, with what to do there. A new use is one more line here. */
export const useFindings: ReadonlyMap<string, string> = new Map([...ownFindings, ...ownWatchFindings]);

/** The routes of every use. A new use is one more line here. */
export function useRoutes(platform: Platform): Route[] {
  return [
    ...redactionRoutes(platform),
    ...watchRoutes(
      platform,
      watchServices(() => platform, watchCamera),
    ),
  ];
}

/**
 * The kinds of jobs of every use. A new use is one more line here.
 * @param platform asked when a job runs: the queue is part of it.
 */
export function useJobs(settings: Settings, platform: () => Platform): JobKind[] {
  return [...redactionJobs(settings, platform)];
}

/** The kinds of services of every use. A new use is one more line here. */
export function useServices(platform: Platform): ServiceKind[] {
  const { camera, clock, outputs, injections } = watchServices(() => platform, watchCamera);
  return [camera, clock, outputs, injections];
}
