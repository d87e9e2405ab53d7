import type { Route } from '../http/route.ts';
import { housekeepingRoutes } from '../housekeeping/routes.ts';
import { oidcRoutes } from '../oidc/routes.ts';
import type { Platform } from '../platform.ts';
import { proxyRoutes } from '../proxies/routes.ts';
import { uploadRoutes } from '../uploads/routes.ts';
import { webhookRoutes } from '../webhooks/routes.ts';
import { assetRoutes } from './assets.ts';
import { baselineRoutes } from './baselines.ts';
import { caseChangeRoutes } from './case-changes.ts';
import { caseRoutes } from './cases.ts';
import { deadlineRoutes } from './deadlines.ts';
import { findingRoutes } from './findings.ts';
import { findingQueueRoutes } from './finding-queue.ts';
import { jobRoutes } from './jobs.ts';
import { observationRoutes } from './observations.ts';
import { ownSessionRoutes } from './own-sessions.ts';
import { peopleRoutes } from './people.ts';
import { serviceRoutes } from './services.ts';
import { resetRoutes } from './resets.ts';
import { sessionRoutes } from './session.ts';
import { activityRoutes } from './activity.ts';
import { colleagueRoutes } from './colleagues.ts';
import { libraryRoutes } from './library.ts';
import { modelRoutes } from './models.ts';
import { oversightRoutes } from './oversight.ts';
import { retentionRoutes } from './retention.ts';
import { todayRoutes } from './today.ts';
import { welcomeRoutes } from './welcome.ts';

/** What every use shares. */
export function platformRoutes(platform: Platform): Route[] {
  return [
    ...sessionRoutes(platform),
    ...ownSessionRoutes(platform),
    ...oidcRoutes(platform),
    ...peopleRoutes(platform),
    ...resetRoutes(platform),
    ...caseRoutes(platform),
    ...caseChangeRoutes(platform),
    ...deadlineRoutes(platform),
    ...assetRoutes(platform),
    ...proxyRoutes(platform),
    ...uploadRoutes(platform),
    ...jobRoutes(platform),
    ...serviceRoutes(platform),
    ...housekeepingRoutes(platform),
    ...observationRoutes(platform),
    ...findingQueueRoutes(platform),
    ...findingRoutes(platform),
    ...webhookRoutes(platform),
    ...activityRoutes(platform),
    ...colleagueRoutes(platform),
    ...libraryRoutes(platform),
    ...todayRoutes(platform),
    ...baselineRoutes(platform),
    ...modelRoutes(),
    ...oversightRoutes(platform),
    ...retentionRoutes(platform),
    ...welcomeRoutes(platform),
  ];
}
