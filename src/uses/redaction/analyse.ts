import type { FrameObservations } from '../../core/observation.ts';
import type { ReportProgress } from '../../core/progress.ts';
import type { Picture } from '../../media/picture/index.ts';
import { buildPlan } from './build-plan.ts';
import type { Engine } from './engine.ts';
import type { RedactionPlan } from './plan.ts';
import { propose, type Followed } from './propose.ts';
import { checkedProfile, type RedactionSettings } from './settings.ts';

/** One file to look at. */
export interface AnalyseRequest {
  readonly input: string;
  readonly kind: 'video' | 'picture';
  /** Extension of the output, without the dot. */
  readonly container: string;
  /** Go on where video is damaged, with the damaged frames blank. */
  readonly allowDamage: boolean;
}

export interface AnalyseHooks {
  readonly onProgress?: ReportProgress;
  /** What was seen, in the order of time. */
  readonly onLook?: (seen: FrameObservations) => void;
  readonly signal?: AbortSignal;
}

/** What a look at a file gave. */
export interface Analysis {
  readonly source: RedactionPlan['source'];
  readonly followed: Followed;
  readonly first: number;
  readonly last: number;
  readonly notes: readonly string[];
  /** The opened picture, so that rendering need not decode it again. */
  readonly picture?: Picture;
}

/** Looks at a file and follows what it finds; decides nothing. */
export async function observe(
  request: AnalyseRequest,
  engine: Engine,
  hooks: AnalyseHooks,
): Promise<Analysis> {
  // Each kind brings a native library of its own; only the one that is needed is loaded.
  if (request.kind === 'video') return (await import('./video.ts')).observeVideo(request, engine, hooks);
  return (await import('./still.ts')).observePicture(request, engine, hooks);
}

/** Looks at a file and writes the plan of its redaction. */
export async function analyse(
  request: AnalyseRequest,
  settings: RedactionSettings,
  engine: Engine,
  hooks: AnalyseHooks,
): Promise<{ plan: RedactionPlan; analysis: Analysis }> {
  const profile = checkedProfile(settings);
  const analysis = await observe(request, engine, hooks);
  const plan = buildPlan(propose(analysis.followed), settings, profile, {
    source: analysis.source,
    first: analysis.first,
    last: analysis.last,
    models: engine.models,
    chosenClasses: engine.chosenClasses,
    container: request.container,
    ...(engine.stamp === undefined ? {} : { stamp: engine.stamp }),
  });
  return { plan, analysis };
}
