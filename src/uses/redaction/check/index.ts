import type { PixelSource } from '../../../core/observation.ts';
import type { Seconds } from '../../../core/time.ts';
import type { Engine } from '../engine.ts';
import type { RedactionPlan } from '../plan.ts';
import type { RedactionSettings } from '../settings.ts';
import type { AnalyseHooks } from '../work.ts';
import type { CheckReport } from './report.ts';

export { checkLook } from './look.ts';

/** A rendered file to check. */
export interface CheckRequest {
  readonly output: string;
  readonly kind: 'video' | 'picture';
  /** What was rendered. */
  readonly plan: RedactionPlan;
  /** What the plan was made with, where that is known: what `--classes` and `--only` left out is in no plan. */
  readonly settings?: RedactionSettings;
  /** Lends each decoded frame, in the order of time; it is released when the promise settles. */
  readonly onFrame?: (source: PixelSource, time: Seconds) => void | Promise<void>;
}

/**
 * Looks at a rendered file as somebody does who must sign it: whether each region is filled, whether anything is left
 * that the plan set out to cover, and where the plan itself leaves doubts.
 * @param engine started with what {@link checkLook} gives for the same plan.
 * @throws TidewaiterError when the output cannot be read.
 */
export async function checkRendered(
  request: CheckRequest,
  engine: Engine,
  hooks: AnalyseHooks,
): Promise<CheckReport> {
  // Each kind brings a native library of its own; only the one that is needed is loaded.
  if (request.kind === 'video') return (await import('./video.ts')).checkVideo(request, engine, hooks);
  return (await import('./picture.ts')).checkPicture(request, engine, hooks);
}
