import type { RedactionPlan } from './plan.ts';
import { checkStyle, findProfile } from './profile.ts';
import type { Rendered, RenderHooks, RenderRequest } from './work.ts';

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
