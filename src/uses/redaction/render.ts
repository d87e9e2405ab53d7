import type { ReportProgress } from '../../core/progress.ts';
import type { Picture } from '../../media/picture/index.ts';
import type { RedactionPlan } from './plan.ts';
import { checkStyle, findProfile } from './profile.ts';

/** What a person should know about how the output differs from the source. */
export interface Rendered {
  readonly frames: number;
  readonly notes: readonly string[];
  /** What was left out: tags, tracks, side data. */
  readonly removed: readonly { readonly kind: string; readonly what: string }[];
  readonly audio: readonly { readonly mode: string; readonly codec: string; readonly note?: string }[];
}

export interface RenderRequest {
  readonly input: string;
  readonly plan: RedactionPlan;
  /** Written as it is; the caller gives a temporary name and renames what is whole. */
  readonly output: string;
  readonly allowDamage: boolean;
  /** The source, when it is a picture that is open already. It is drawn on. */
  readonly picture?: Picture;
}

export interface RenderHooks {
  readonly onProgress?: ReportProgress;
  readonly signal?: AbortSignal;
}

/**
 * Draws a plan on its source. Any fault throws, and then nothing is left under the output's name.
 * @throws TidewaiterError also when the plan's styles are not allowed by its profile.
 */
export async function render(request: RenderRequest, hooks: RenderHooks): Promise<Rendered> {
  const { plan } = request;
  checkPlanStyles(plan);
  if (plan.source.kind === 'video') return (await import('./video.ts')).renderClip(request, hooks);
  return (await import('./still.ts')).renderStill(request, hooks);
}

function checkPlanStyles(plan: RedactionPlan): void {
  const profile = findProfile(plan.profile);
  for (const region of plan.regions) if (region.redact) checkStyle(profile, region.style);
  if (plan.keepOnly !== undefined) checkStyle(profile, plan.keepOnly.style);
}
