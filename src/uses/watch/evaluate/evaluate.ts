import type { MotRow } from '../../../stats/index.ts';
import type { Alert } from '../alert.ts';
import { replayFile, type ReplayHooks } from '../replay.ts';
import type { FrameTrace, ReplaySummary, ReplayTask } from '../tasks.ts';
import { scoreReplay, type Scorecard } from './scorecard.ts';

export interface Evaluation {
  readonly scorecard: Scorecard;
  readonly alerts: readonly Alert[];
  readonly incidents: number;
  readonly summary: ReplaySummary;
}

/** Replays a recording with all rules in force at all hours, and scores it against its annotation. */
export async function evaluateWatch(
  task: Omit<ReplayTask, 'realTime' | 'trace'>,
  truth: readonly MotRow[],
  hooks: Pick<ReplayHooks, 'onProgress' | 'signal'> = {},
): Promise<Evaluation> {
  const alerts: Alert[] = [];
  const traces: FrameTrace[] = [];
  let incidents = 0;
  const rules = task.camera.rules.map((rule) => ({ ...rule, when: 'always' as const }));
  const camera = { ...task.camera, rules };
  const summary = await replayFile(
    { ...task, camera, realTime: false, trace: true },
    {
      ...hooks,
      onAlert: (alert) => void alerts.push(alert),
      onIncident: () => void incidents++,
      onTrace: (trace) => void traces.push(trace),
    },
  );
  const scorecard = scoreReplay(truth, traces, alerts, camera, summary.picture);
  return { scorecard, alerts, incidents, summary };
}
