import type { Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { acceptanceRoutes } from './acceptance.ts';
import { documentRoutes } from './documents.ts';
import { enforcementRoutes } from './enforcement.ts';
import { evidenceRoutes } from './evidence.ts';
import { officerNoticeRoutes } from './officer-notices.ts';
import { oversightRoutes } from './oversight.ts';
import { permitRoutes } from './permits.ts';
import { questionRoutes } from './questions.ts';
import { redressRoutes } from './redress.ts';
import { seedingRoutes } from './seeding.ts';
import { trainingRoutes } from './training.ts';
import { useRoutes } from './uses.ts';

/**
 * What the offices of an agency decide, and what may follow from what AI says.
 * @param builtIn names of the uses that come along.
 */
export function governanceRoutes(platform: Platform, builtIn: readonly string[]): Route[] {
  return [
    ...useRoutes(platform, builtIn),
    ...questionRoutes(platform),
    ...evidenceRoutes(platform),
    ...permitRoutes(platform),
    ...enforcementRoutes(platform),
    ...redressRoutes(platform),
    ...oversightRoutes(platform, builtIn),
    ...trainingRoutes(platform),
    ...officerNoticeRoutes(platform),
    ...seedingRoutes(platform),
    ...acceptanceRoutes(platform),
    ...documentRoutes(platform),
  ];
}
