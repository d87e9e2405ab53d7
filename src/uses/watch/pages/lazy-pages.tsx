import { lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import { t } from '../../../../web/text/en.ts';

/** Loaded when somebody opens it: who does not sit at the desk does not wait for it. */
function later(load: () => Promise<ComponentType>): ComponentType {
  const Page = lazy(async () => ({ default: await load() }));
  return function Later(): ReactNode {
    return (
      <Suspense fallback={<p role="status">{t.watch.loading}</p>}>
        <Page />
      </Suspense>
    );
  };
}

export const LazyAlerts = later(async () => (await import('./desk/alerts-page.tsx')).AlertsPage);
export const LazyIncident = later(async () => (await import('./incident/incident-page.tsx')).IncidentPage);
export const LazyWall = later(async () => (await import('./wall/wall-page.tsx')).WallPage);
export const LazyPlan = later(async () => (await import('./editor/plan-page.tsx')).PlanPage);
export const LazyEditor = later(async () => (await import('./editor/editor-page.tsx')).EditorPage);
export const LazySuppressions = later(
  async () => (await import('./learned/suppressions-page.tsx')).SuppressionsPage,
);
export const LazyCoverage = later(async () => (await import('./reports/coverage-page.tsx')).CoveragePage);
export const LazyLoad = later(async () => (await import('./reports/load-page.tsx')).LoadPage);
export const LazyHandover = later(async () => (await import('./reports/handover-page.tsx')).HandoverPage);
export const LazyArming = later(async () => (await import('./reports/arming-page.tsx')).ArmingPage);
export const LazyRecordings = later(
  async () => (await import('./recordings/recordings-page.tsx')).RecordingsPage,
);
export const LazyCameras = later(async () => (await import('./cameras/cameras-page.tsx')).CamerasPage);
export const LazyChannels = later(async () => (await import('./channels/channels-page.tsx')).ChannelsPage);
export const LazyTestClips = later(
  async () => (await import('./test-clips/test-clips-page.tsx')).TestClipsPage,
);
