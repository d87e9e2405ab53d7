import type { PixelBox } from '../../core/box.ts';
import type { FrameObservations, Observation } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import type { ObservableFrame } from '../observe.ts';
import { Follower, type FollowedBox, type StopReason } from './follower.ts';
import { defaultFollow, type FollowSettings } from './settings.ts';

/** A clip that can be read from any moment on. */
export interface FrameSource {
  /** Frames from one moment to another, both included, in the order of time. */
  frames(from: Seconds, to: Seconds): AsyncIterable<ObservableFrame>;
}

export interface FollowRequest {
  /** The moment at which somebody drew the box. */
  readonly at: Seconds;
  /** Pixels of the picture as displayed. */
  readonly box: PixelBox;
  /** What it is, when somebody said so: only detections of that class are taken for it. */
  readonly class?: string;
  /** The span in which it is followed. */
  readonly from: Seconds;
  readonly to: Seconds;
  /** Times of first frames after a cut. */
  readonly cuts: readonly Seconds[];
  /** What detectors saw, in the order of time; nothing is looked for anew. */
  readonly seen: readonly FrameObservations[];
  /** First and last moment of the recording. */
  readonly first: Seconds;
  readonly last: Seconds;
}

/** Where following ended in one direction: the last moment at which the thing was seen or expected, and why there. */
export interface FollowEnd {
  readonly at: Seconds;
  readonly why: StopReason;
}

/** What is known so far; complete when both ends are. */
export interface Followed {
  /** In the order of time, one for each frame. */
  readonly boxes: readonly FollowedBox[];
  readonly before?: FollowEnd;
  readonly after?: FollowEnd;
}

/** Frames are read backwards in pieces of this length, which are held in memory. */
const PIECE: Seconds = 1;
/** Frames that are followed forwards between two pieces. */
const TURN = 25;
/** Times this close are of one frame. */
const SAME_FRAME: Seconds = 5e-4;

/**
 * Follows what is in a box through a clip, both ways, until it is not sure any more. Boxes carry a margin that grows with
 * doubt. Both directions advance in turns, and each turn gives what is known so far.
 * @throws RangeError when no frame is shown at that moment, or the box lies outside of the picture.
 */
export async function* follow(
  source: FrameSource,
  request: FollowRequest,
  settings: FollowSettings = defaultFollow,
): AsyncGenerator<Followed> {
  const after = forwards(source, request, settings);
  const before = backwards(source, request, settings);
  const later: FollowedBox[] = [];
  const earlier: FollowedBox[] = [];
  let ahead: FollowEnd | undefined;
  let behind: FollowEnd | undefined;
  try {
    while (ahead === undefined || behind === undefined) {
      if (ahead === undefined) ahead = await advance(after, later);
      if (behind === undefined) behind = await advance(before, earlier);
      yield {
        boxes: [...earlier.toReversed(), ...later],
        ...(behind === undefined ? {} : { before: behind }),
        ...(ahead === undefined ? {} : { after: ahead }),
      };
    }
  } finally {
    await after.return(undefined);
    await before.return(undefined);
  }
}

type Way = AsyncGenerator<FollowedBox | 'turn', FollowEnd | undefined>;

async function advance(way: Way, boxes: FollowedBox[]): Promise<FollowEnd | undefined> {
  for (;;) {
    const { value, done } = await way.next();
    if (done === true) return value && ended(value, boxes);
    if (value === 'turn') return undefined;
    boxes.push(value);
  }
}

/** Where a thing was seen last is where people have to look on; guesses of where something lost may be cover nothing. */
function ended(end: FollowEnd, boxes: FollowedBox[]): FollowEnd {
  if (end.why !== 'lost' && end.why !== 'occluded') return end;
  const seen = boxes.findLastIndex(({ confidence }) => confidence > 0);
  const at = boxes[seen]?.time ?? end.at;
  if (end.why === 'lost') boxes.length = seen + 1;
  return { ...end, at };
}

async function* forwards(source: FrameSource, request: FollowRequest, settings: FollowSettings): Way {
  const { at, box, to, last } = request;
  let follower: Follower | undefined;
  let [reached, count] = [at, 0];
  for await (const frame of source.frames(at - SAME_FRAME, to + SAME_FRAME)) {
    const { time } = frame;
    const seen = seenAt(request, time);
    if (follower === undefined) {
      follower = new Follower(frame, time, box, ofClass(request, seen), settings);
      yield { time, box, confidence: 1 };
    } else {
      if (isCut(request, time)) return { at: reached, why: 'cut' };
      const step = follower.step(frame, time, seen);
      if (typeof step === 'string') return { at: reached, why: step };
      yield step;
    }
    reached = time;
    if (++count % TURN === 0) yield 'turn';
  }
  if (follower === undefined) throw new RangeError(`no frame is shown at ${at} s`);
  return { at: reached, why: to >= last - SAME_FRAME ? 'end' : 'span' };
}

async function* backwards(source: FrameSource, request: FollowRequest, settings: FollowSettings): Way {
  const { at, box, from, first } = request;
  let follower: Follower | undefined;
  let reached = at;
  for (let end = at; end >= from; end -= PIECE) {
    const piece: ObservableFrame[] = [];
    try {
      // The first piece holds the frame that the box was drawn on; no other frame is in two of them.
      const [start, stop] = [
        Math.max(from, end - PIECE) - SAME_FRAME,
        end === at ? end + SAME_FRAME : end - SAME_FRAME * 1.01,
      ];
      for await (const frame of source.frames(start, stop)) {
        frame.retain();
        piece.push(frame);
      }
      for (const frame of piece.toReversed()) {
        const { time } = frame;
        if (follower === undefined) {
          follower = new Follower(frame, time, box, ofClass(request, seenAt(request, time)), settings);
        } else {
          if (isCut(request, reached)) return { at: reached, why: 'cut' };
          const step = follower.step(frame, time, seenAt(request, time));
          if (typeof step === 'string') return { at: reached, why: step };
          yield step;
        }
        reached = time;
      }
    } finally {
      for (const frame of piece) frame.release();
    }
    yield 'turn';
  }
  return { at: reached, why: isCut(request, reached) ? 'cut' : from <= first + SAME_FRAME ? 'end' : 'span' };
}

function isCut({ cuts }: FollowRequest, time: Seconds): boolean {
  return cuts.some((cut) => Math.abs(cut - time) < SAME_FRAME);
}

function seenAt({ seen }: FollowRequest, time: Seconds): readonly Observation[] {
  let [low, high] = [0, seen.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seen[middle]!.time < time - SAME_FRAME) low = middle + 1;
    else high = middle;
  }
  const frame = seen[low];
  return frame !== undefined && frame.time <= time + SAME_FRAME ? frame.observations : [];
}

function ofClass({ class: name }: FollowRequest, seen: readonly Observation[]): readonly Observation[] {
  return name === undefined ? seen : seen.filter((one) => one.class === name);
}
