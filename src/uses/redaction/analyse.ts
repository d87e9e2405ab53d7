import { buildPlan } from './build-plan.ts';
import type { Engine } from './engine.ts';
import type { RedactionPlan } from './plan.ts';
import { propose } from './propose.ts';
import { checkedProfile, type RedactionSettings } from './settings.ts';
import type { AnalyseHooks, AnalyseRequest, Analysis } from './work.ts';

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
  const profile = checkedProfile(settings, engine.chosenClasses);
  const analysis = await observe(request, engine, hooks);
  const plan = buildPlan(propose(analysis.followed, profile.margins), settings, profile, {
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
