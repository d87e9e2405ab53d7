import { ledgerRoutes } from '../governance/log/routes.ts';
import { builtInCharterRoutes } from '../governance/routes/built-in-charters.ts';
import { governanceRoutes } from '../governance/routes/index.ts';
import type { Route } from '../platform/http/route.ts';
import type { Platform } from '../platform/platform.ts';
import { platformRoutes } from '../platform/routes/index.ts';
import { useCharters } from '../uses/charters.ts';
import { useNames, useRoutes } from '../uses/platform.ts';

/** The whole API. */
export function allRoutes(platform: Platform): Route[] {
  return [
    ...platformRoutes(platform),
    ...ledgerRoutes(platform),
    ...governanceRoutes(platform, useNames),
    ...builtInCharterRoutes(platform, useCharters),
    ...useRoutes(platform),
  ];
}
