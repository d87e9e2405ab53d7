import type { Route } from '../http/route.ts';
import { oidcRoutes } from '../oidc/routes.ts';
import type { Platform } from '../platform.ts';
import { uploadRoutes } from '../uploads/routes.ts';
import { webhookRoutes } from '../webhooks/routes.ts';
import { assetRoutes } from './assets.ts';
import { caseRoutes } from './cases.ts';
import { findingRoutes } from './findings.ts';
import { jobRoutes } from './jobs.ts';
import { observationRoutes } from './observations.ts';
import { peopleRoutes } from './people.ts';
import { sessionRoutes } from './session.ts';

/** What every use shares. */
export function platformRoutes(platform: Platform): Route[] {
  return [
    ...sessionRoutes(platform),
    ...oidcRoutes(platform),
    ...peopleRoutes(platform),
    ...caseRoutes(platform),
    ...assetRoutes(platform),
    ...uploadRoutes(platform),
    ...jobRoutes(platform),
    ...observationRoutes(platform),
    ...findingRoutes(platform),
    ...webhookRoutes(platform),
  ];
}
