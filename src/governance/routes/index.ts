import type { Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { enforcementRoutes } from './enforcement.ts';
import { evidenceRoutes } from './evidence.ts';
import { permitRoutes } from './permits.ts';
import { useRoutes } from './uses.ts';

/** What the offices of an agency decide, and what may follow from what AI says. */
export function governanceRoutes(platform: Platform): Route[] {
  return [
    ...useRoutes(platform),
    ...evidenceRoutes(platform),
    ...permitRoutes(platform),
    ...enforcementRoutes(platform),
  ];
}
