import type { Route } from '../http/route.ts';
import { housekeepingRoutes } from '../housekeeping/routes.ts';
import { oidcRoutes } from '../oidc/routes.ts';
import type { Platform } from '../platform.ts';
import { proxyRoutes } from '../proxies/routes.ts';
import { uploadRoutes } from '../uploads/routes.ts';
import { webhookRoutes } from '../webhooks/routes.ts';
import { assetRoutes } from './assets.ts';
import { caseRoutes } from './cases.ts';
import { findingRoutes } from './findings.ts';
import { jobRoutes } from './jobs.ts';
import { observationRoutes } from './observations.ts';
import { peopleRoutes } from './people.ts';
import { serviceRoutes } from './services.ts';
import { sessionRoutes } from './session.ts';
import { activityRoutes } from './activity.ts';
import { colleagueRoutes } from './colleagues.ts';
import { libraryRoutes } from './library.ts';
import { todayRoutes } from './today.ts';
import { welcomeRoutes } from './welcome.ts';

/** What every use shares. */
export function platformRoutes(platform: Platform): Route[] {
  return [
    ...sessionRoutes(platform),
    ...oidcRoutes(platform),
    ...peopleRoutes(platform),
    ...caseRoutes(platform),
    ...assetRoutes(platform),
    ...proxyRoutes(platform),
    ...uploadRoutes(platform),
    ...jobRoutes(platform),
    ...serviceRoutes(platform),
    ...housekeepingRoutes(platform),
    ...observationRoutes(platform),
    ...findingRoutes(platform),
    ...webhookRoutes(platform),
    ...activityRoutes(platform),
    ...colleagueRoutes(platform),
    ...libraryRoutes(platform),
    ...todayRoutes(platform),
    ...welcomeRoutes(platform),
  ];
}
