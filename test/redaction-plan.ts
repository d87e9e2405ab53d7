import type { PixelBox } from '../src/core/box.ts';
import type { TimedBox } from '../src/core/path.ts';
import type { PlanContext } from '../src/uses/redaction/build-plan.ts';
import type { RedactionPlan, Region } from '../src/uses/redaction/plan.ts';
import type { Proposal } from '../src/uses/redaction/proposal.ts';
import type { Observation } from '../src/core/observation.ts';
import type { TextTrack } from '../src/vision/text-tracks.ts';
import type { Trajectory } from '../src/vision/track/trajectory.ts';

const model = { id: 'made-up', digest: '' };

/** A face that stays in the corner for ten seconds. */
export function region(changes: Partial<Region> = {}): Region {
  return {
    id: 'face-1',
    class: 'face',
    redact: true,
    shape: 'box',
    style: 'solid',
    origin: 'model',
    start: 0,
    end: 10,
    keyframes: [[0, 0, 0, 10, 10]],
    ...changes,
  };
}

/** The plan of a clip of 100 x 100 pixels and ten seconds, without regions. */
export function plan(changes: Partial<RedactionPlan> = {}): RedactionPlan {
  return {
    format: 'tidewaiter-redaction-plan',
    version: 1,
    tool: { name: 'tidewaiter', version: '0.0.0' },
    source: { file: 'a.mp4', sha256: '0'.repeat(64), kind: 'video', width: 100, height: 100, duration: 10 },
    profile: 'standard',
    models: [],
    regions: [],
    limits: {},
    audio: { mode: 'keep' },
    keepMetadata: [],
    output: { container: 'mp4' },
    ...changes,
  };
}

/** What a plan is built for: the same clip, or a picture of the same size. */
export function planContext(kind: 'video' | 'picture' = 'video'): PlanContext {
  const video = kind === 'video';
  return {
    source: { ...plan().source, kind, duration: video ? 10 : 0 },
    first: 0,
    last: video ? 10 : 0,
    models: [],
    chosenClasses: [],
    container: video ? 'mp4' : 'jpg',
  };
}

export function proposal(id: string, changes: Partial<Proposal> = {}): Proposal {
  return {
    id,
    class: id.replace(/-.*$/, ''),
    score: 0.9,
    detections: 5,
    start: 0,
    end: 10,
    keyframes: [{ time: 0, box: { x: 10, y: 10, width: 20, height: 20 } }],
    ...changes,
  };
}

/** Something that was followed along a path. */
export function trajectory(id: string, keyframes: readonly TimedBox[]): Trajectory {
  return {
    id,
    class: id.replace(/-.*$/, ''),
    bestScore: 0.9,
    detections: keyframes.length,
    model,
    start: keyframes[0]?.time ?? 0,
    end: keyframes.at(-1)?.time ?? 0,
    keyframes,
  };
}

/** A line of text seen at the given moments. */
export function textTrack(
  name: string,
  seen: readonly TimedBox[],
  span: {
    readonly start?: number;
    readonly end?: number;
    readonly kind?: string;
    readonly text?: string;
  } = {},
): TextTrack {
  const { kind, text = 'gate' } = span;
  const sightings = seen.map(({ time, box }) => {
    const observation: Observation = {
      class: name,
      box,
      score: 0.8,
      model,
      text,
      ...(kind && { kind }),
    };
    return { time, observation };
  });
  const { start = seen[0]?.time ?? 0, end = seen.at(-1)?.time ?? 0 } = span;
  return { class: name, sightings, start, end };
}

/** Keyframes from times and the left edges of a box of fixed size. */
export function path(box: PixelBox, ...places: readonly (readonly [time: number, x: number])[]): TimedBox[] {
  return places.map(([time, x]) => ({ time, box: { ...box, x } }));
}
