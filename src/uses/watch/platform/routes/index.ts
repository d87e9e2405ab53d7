import type { Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import type { WatchServices } from '../services.ts';
import { alertRoutes } from './alerts.ts';
import { backTestRoutes } from './back-test.ts';
import { cameraRoutes } from './cameras.ts';
import { capFeedRoute } from './cap-feed.ts';
import { channelRoutes } from './channels.ts';
import { discoveryRoute } from './discovery.ts';
import { eventRoutes } from './events.ts';
import { evidenceRoutes } from './evidence.ts';
import { incidentRoutes } from './incidents.ts';
import { injectionPlayRoute } from './injection-plays.ts';
import { injectionRoutes } from './injections.ts';
import { liveRoutes } from './live.ts';
import { overrideRoutes } from './overrides.ts';
import { recordingDaysRoute } from './recording-days.ts';
import { recordingRoutes } from './recordings.ts';
import { reportRoutes } from './reports.ts';
import { suppressionRoutes } from './suppressions.ts';
import { watchSiteRoutes } from './sites.ts';

/** All routes of watching cameras. */
export function watchRoutes(platform: Platform, services: WatchServices): Route[] {
  return [
    ...watchSiteRoutes(platform, services),
    ...cameraRoutes(platform, services),
    discoveryRoute(),
    ...overrideRoutes(platform),
    ...incidentRoutes(platform),
    ...alertRoutes(platform),
    ...liveRoutes(platform),
    ...recordingRoutes(platform),
    recordingDaysRoute(platform),
    ...evidenceRoutes(platform),
    ...eventRoutes(platform),
    ...reportRoutes(platform),
    ...injectionRoutes(platform, services),
    injectionPlayRoute(platform),
    ...suppressionRoutes(platform),
    ...backTestRoutes(platform),
    ...channelRoutes(platform, services),
    capFeedRoute(platform),
  ];
}
