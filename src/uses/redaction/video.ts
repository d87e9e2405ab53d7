import { basename } from 'node:path';
import { sha256File } from '../../core/digest.ts';
import { openVideo, renderVideo, type AudioPlan } from '../../media/video/index.ts';
import { cautiousFaces, cautiousTracking } from '../../vision/effort.ts';
import { observeClip, type ClipObservations } from '../../vision/observe.ts';
import { trackText } from '../../vision/text-tracks.ts';
import { trackTwoWay } from '../../vision/track/two-way.ts';
import { checkSize, drawPlan } from './draw-plan.ts';
import type { Engine } from './engine.ts';
import { usualEncoding, type RedactionPlan } from './plan.ts';
import type { Followed } from './propose.ts';
import { RegionTimeline } from './timeline.ts';
import type { Analysis, AnalyseHooks, AnalyseRequest, Rendered, RenderHooks, RenderRequest } from './work.ts';

/** Looks at a video and follows what it finds. */
export async function observeVideo(
  request: AnalyseRequest,
  engine: Engine,
  hooks: AnalyseHooks,
): Promise<Analysis> {
  const { input } = request;
  const sha256 = await sha256File(input);
  const reader = await openVideo(input, hooks.signal === undefined ? {} : { signal: hooks.signal });
  const { size, duration, frameCountEstimate, notes } = reader.info;
  const frames = reader.frames({
    threads: 1,
    ...(request.allowDamage ? { tolerate: 'blank' as const } : {}),
  });
  const clip = await observeClip(frames, size, engine.detector, engine.effort, {
    parallel: PARALLEL_LOOKS,
    ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
    ...(hooks.onLook === undefined ? {} : { onLook: hooks.onLook }),
    onFrame: (done, at) =>
      hooks.onProgress?.({
        stage: 'analyse',
        done,
        unit: 'frames',
        at,
        ...(frameCountEstimate === undefined ? {} : { total: frameCountEstimate }),
      }),
  });
  await hooks.onLooked?.();
  return {
    source: {
      file: basename(input),
      sha256,
      kind: 'video',
      width: size.width,
      height: size.height,
      duration: duration ?? clip.last - clip.first,
    },
    followed: follow(clip),
    first: clip.first,
    last: clip.last,
    cuts: clip.cuts,
    notes,
  };
}

/** Enough to keep two inference threads busy while a third frame is prepared. */
const PARALLEL_LOOKS = 3;

function follow(clip: ClipObservations): Followed {
  return {
    trajectories: trackTwoWay(clip.log, cautiousTracking, { face: cautiousFaces }),
    texts: trackText(clip.textLooks, clip.cuts, clip),
  };
}

/** Draws a plan on every frame of a video. */
export async function renderClip(
  { input, output, plan, allowDamage }: RenderRequest,
  hooks: RenderHooks,
): Promise<Rendered> {
  const timeline = new RegionTimeline(plan);
  const report = await renderVideo({
    input,
    output,
    draw: (surface, { time }) => {
      checkSize(surface, plan);
      drawPlan(surface, plan, timeline.at(time));
    },
    video: {
      codec: plan.output.videoCodec ?? usualEncoding.videoCodec,
      crf: plan.output.crf ?? usualEncoding.crf,
      preset: plan.output.preset ?? usualEncoding.preset,
      threads: plan.output.encoderThreads ?? usualEncoding.encoderThreads,
    },
    audio: audioPlan(plan),
    keep: { metadata: plan.keepMetadata },
    ...(plan.stamp === undefined ? {} : { stamp: plan.stamp }),
    ...(allowDamage ? { tolerate: 'blank' as const } : {}),
    ...hooks,
  });
  return { frames: report.frames, notes: report.notes, removed: report.removed, audio: report.audio };
}

function audioPlan(plan: RedactionPlan): AudioPlan {
  if (plan.audio.mode !== 'spans') return plan.audio;
  return { ...plan.audio, spans: plan.audio.spans.map(([start, end]) => ({ start, end })) };
}
