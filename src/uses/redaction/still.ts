import { basename } from 'node:path';
import { sha256File } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { FrameObservations } from '../../core/observation.ts';
import { openPicture, PicturePyramid, writePicture, type OutputFormat } from '../../media/picture/index.ts';
import { isTextSighting, trackText } from '../../vision/text-tracks.ts';
import { checkSize, drawPlan } from './draw-plan.ts';
import type { Engine } from './engine.ts';
import type { Followed } from './propose.ts';
import { RegionTimeline } from './timeline.ts';
import type { Analysis, AnalyseHooks, AnalyseRequest, Rendered, RenderHooks, RenderRequest } from './work.ts';

/** Looks at a picture. */
export async function observePicture(
  { input }: AnalyseRequest,
  engine: Engine,
  hooks: AnalyseHooks,
): Promise<Analysis> {
  const sha256 = await sha256File(input);
  const picture = await openPicture(input);
  const observations = await engine.detector.look(new PicturePyramid(picture), 'still');
  const seen: FrameObservations = { frame: 0, time: 0, observations };
  hooks.onLook?.(seen);
  hooks.onProgress?.({ stage: 'analyse', done: 1, total: 1, unit: 'pictures' });
  const { width, height } = picture;
  return {
    source: { file: basename(input), sha256, kind: 'picture', width, height, duration: 0 },
    followed: still(seen),
    first: 0,
    last: 0,
    cuts: [],
    notes: picture.info.notes,
    picture,
  };
}

/** What a single picture shows, as tracks of one moment. */
function still(seen: FrameObservations): Followed {
  const counts = new Map<string, number>();
  const things = seen.observations.filter((observation) => !isTextSighting(observation));
  return {
    trajectories: things.map((observation) => {
      const number = (counts.get(observation.class) ?? 0) + 1;
      counts.set(observation.class, number);
      return {
        id: `${observation.class}-${number}`,
        class: observation.class,
        bestScore: observation.score,
        detections: 1,
        model: observation.model,
        start: 0,
        end: 0,
        keyframes: [{ time: 0, box: observation.box }],
      };
    }),
    texts: trackText([{ ...seen, observations: seen.observations.filter(isTextSighting) }], [], {
      first: 0,
      last: 0,
    }),
  };
}

/** Draws a plan on a picture. */
export async function renderStill(
  { input, output, plan, picture: opened }: RenderRequest,
  { onProgress, signal }: RenderHooks,
): Promise<Rendered> {
  const picture = opened ?? (await openPicture(input));
  signal?.throwIfAborted();
  checkSize(picture.surface, plan);
  drawPlan(picture.surface, plan, new RegionTimeline(plan).at(0));
  await writePicture(output, picture.surface, {
    format: writtenAs(plan.output.container),
    quality: plan.output.quality ?? 90,
    ...(plan.stamp === undefined ? {} : { stamp: plan.stamp }),
  });
  onProgress?.({ stage: 'render', done: 1, total: 1, unit: 'pictures' });
  return {
    frames: 1,
    notes: picture.info.notes,
    removed: picture.info.metadataKinds.map((kind) => ({ kind: 'metadata', what: kind })),
    audio: [],
  };
}

const formats: Readonly<Record<string, OutputFormat>> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  tif: 'tiff',
  tiff: 'tiff',
  avif: 'avif',
};

function writtenAs(container: string): OutputFormat {
  const format = formats[container];
  if (format !== undefined) return format;
  throw new TidewaiterError(
    'E_CONTAINER',
    `A picture cannot be written as .${container}`,
    `Use one of ${Object.keys(formats).join(', ')}.`,
  );
}
