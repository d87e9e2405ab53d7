import type { UsePages } from '../../../../web/kit/use-pages.ts';
import { t } from '../../../../web/text/en.ts';
import { IncidentEvidence } from './incident-evidence.tsx';
import {
  LazyAlerts,
  LazyArming,
  LazyCameras,
  LazyChannels,
  LazyCoverage,
  LazyEditor,
  LazyHandover,
  LazyIncident,
  LazyLoad,
  LazyPlan,
  LazyRecordings,
  LazySuppressions,
  LazyTestClips,
  LazyWall,
} from './lazy-pages.tsx';

/** What watch adds to the console: the operator's desk. */
export const watchPages: UsePages = {
  use: 'watch',
  title: t.watch.title,
  ownFindings: ['watch-incident'],
  Evidence: IncidentEvidence,
  place: { path: 'alerts', key: 'w' },
  pages: [
    { path: 'alerts', Page: LazyAlerts },
    { path: 'incidents/$id', Page: LazyIncident },
    { path: 'wall', Page: LazyWall },
    { path: 'plan', Page: LazyPlan },
    { path: 'coverage', Page: LazyCoverage },
    { path: 'load', Page: LazyLoad },
    { path: 'handover', Page: LazyHandover },
    { path: 'arming', Page: LazyArming },
    { path: 'rules', Page: LazyEditor },
    { path: 'suppressions', Page: LazySuppressions },
    { path: 'recordings', Page: LazyRecordings },
    { path: 'cameras', Page: LazyCameras },
    { path: 'channels', Page: LazyChannels },
    { path: 'test-clips', Page: LazyTestClips },
  ],
};
