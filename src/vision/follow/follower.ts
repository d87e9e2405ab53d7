import { area, between, clipped, coverage, hull, iou, type PixelBox } from '../../core/box.ts';
import type { Observation, PixelSource } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import { BoxFilter, sizeOf } from '../track/kalman.ts';
import type { FollowSettings } from './settings.ts';
import { Target, type Sight } from './target.ts';

/** Why following ended. */
export type StopReason =
  /** The recording, or the span that was asked for, ended. */
  | 'end'
  | 'span'
  /** Another scene began. */
  | 'cut'
  | 'left'
  /** It went behind something; or it was not found for another reason. */
  | 'occluded'
  | 'lost';

/** Where a thing is in a frame. */
export interface FollowedBox {
  readonly time: Seconds;
  /** With its margin: what has to be covered. */
  readonly box: PixelBox;
  /** 0..1; 0 where it was not seen and is only expected. */
  readonly confidence: number;
}

/** A detection of the thing that is followed overlaps what is expected by this much. */
const SAME_THING_IOU = 0.45;
/** Share of a thing's area in the picture below which it is leaving. */
const LEAVING = 0.6;
/** ... and below which it has left. */
const LEFT = 0.08;
/** A thing that something else covers by this share is behind it. */
const BEHIND = 0.3;
/** Confidence where a detection agrees. */
const CONFIRMED = 0.9;
/** Frames in which it may be anywhere near. */
const UNKNOWN_MOTION = 3;
/** Weight of a detection against what was followed. */
const DETECTION_SHARE = 0.5;

/** Follows one thing from frame to frame, in either direction of time. */
export class Follower {
  readonly #settings: FollowSettings;
  readonly #target: Target;
  readonly #motion: BoxFilter;
  readonly #anchor: Anchor | undefined;
  #box: PixelBox;
  #time: Seconds;
  #certainAt: Seconds;
  #seenAt: Seconds;
  #hidden = false;
  #frames = 0;

  /** @param seen what detectors saw in that frame: what of it lies where the box does is the thing, and helps. */
  constructor(
    source: PixelSource,
    time: Seconds,
    box: PixelBox,
    seen: readonly Observation[],
    settings: FollowSettings,
  ) {
    this.#settings = settings;
    this.#target = new Target(source, box, settings);
    this.#motion = new BoxFilter(box);
    this.#box = box;
    this.#anchor = anchorOf(box, seen);
    [this.#time, this.#certainAt, this.#seenAt] = [time, time, time];
  }

  /** Takes the next frame, later or earlier. @returns where the thing is, or why it is followed no further. */
  step(source: PixelSource, time: Seconds, seen: readonly Observation[]): FollowedBox | StopReason {
    const settings = this.#settings;
    this.#motion.predict(Math.abs(time - this.#time));
    this.#time = time;
    const expected = { ...this.#box, ...centreOf(this.#motion.box, this.#box) };
    const inside = area(clipped(expected, source)) / area(expected);
    if (inside < LEFT) return 'left';
    const leaving = inside < LEAVING && this.#isOutward(expected, source);
    const detected = this.#detection(expected, seen);
    // At first nobody knows how fast it is.
    const far = detected === undefined && this.#frames++ < UNKNOWN_MOTION;
    const found = leaving ? undefined : this.#look(source, detected ?? expected, far);
    const confidence = detected ? Math.max(CONFIRMED, found?.confidence ?? 0) : (found?.confidence ?? 0);
    if (confidence < settings.seen) return this.#unseen(time, expected, seen, leaving);
    this.#hidden = false;
    const box =
      detected === undefined
        ? found!.box
        : found === undefined
          ? detected
          : between(found.box, detected, DETECTION_SHARE);
    this.#motion.update(box);
    this.#box = box;
    this.#seenAt = time;
    if (detected !== undefined) this.#certainAt = time;
    if (confidence >= settings.sure) this.#target.learn(source, box);
    return { time, confidence, box: this.#covering(box, confidence, 0) };
  }

  #look(source: PixelSource, expected: PixelBox, far: boolean): Sight | undefined {
    const found = this.#target.find(source, expected, far);
    if (far || (found?.confidence ?? 0) >= this.#settings.seen) return found;
    const again = this.#target.find(source, expected, true);
    // What looks like it somewhere else has to look very much like it.
    return (again?.confidence ?? 0) >= this.#settings.sure ? again : found;
  }

  #unseen(
    time: Seconds,
    expected: PixelBox,
    seen: readonly Observation[],
    leaving: boolean,
  ): FollowedBox | StopReason {
    const missing = Math.abs(time - this.#seenAt);
    this.#hidden ||= seen.some(
      ({ box }) => coverage(expected, box) > BEHIND && iou(expected, box) < SAME_THING_IOU,
    );
    if (missing > this.#settings.patience) return leaving ? 'left' : this.#hidden ? 'occluded' : 'lost';
    // It may have stayed where it was last seen, or gone on.
    const last = this.#box;
    const box = this.#covering(hull(last, expected), 0, missing);
    return { time, confidence: 0, box };
  }

  /** The box and its margin. */
  #covering(box: PixelBox, confidence: number, missing: Seconds): PixelBox {
    const { margin, doubt, drift, mostDrift, unseen } = this.#settings;
    const since = Math.min(mostDrift, drift * Math.abs(this.#time - this.#certainAt));
    const share = margin + doubt * (1 - confidence) + since + unseen * missing;
    const size = sizeOf(box);
    const [x, y] = [
      Math.max(2, (share * (box.width + size)) / 2),
      Math.max(2, (share * (box.height + size)) / 2),
    ];
    return { x: box.x - x, y: box.y - y, width: box.width + 2 * x, height: box.height + 2 * y };
  }

  #isOutward(box: PixelBox, { width, height }: PixelSource): boolean {
    const { x, y } = this.#motion.velocity;
    return (
      (box.x < 0 && x <= 0) ||
      (box.x + box.width > width && x >= 0) ||
      (box.y < 0 && y <= 0) ||
      (box.y + box.height > height && y >= 0)
    );
  }

  /** Where a detection says that the thing is. */
  #detection(expected: PixelBox, seen: readonly Observation[]): PixelBox | undefined {
    const anchor = this.#anchor;
    if (anchor === undefined) return undefined;
    return seen
      .filter((one) => one.class === anchor.class)
      .map(({ box }) => placedBy(anchor, box))
      .filter((box) => iou(box, expected) >= SAME_THING_IOU)
      .toSorted((a, b) => iou(b, expected) - iou(a, expected))[0];
  }
}

/** How the box that was drawn lies to the box of a detection: shares of the detection's sides. */
interface Anchor {
  readonly class: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function anchorOf(box: PixelBox, seen: readonly Observation[]): Anchor | undefined {
  const [nearest] = seen
    .filter((one) => iou(one.box, box) >= SAME_THING_IOU)
    .toSorted((a, b) => iou(b.box, box) - iou(a.box, box));
  if (nearest === undefined) return undefined;
  const { x, y, width, height } = nearest.box;
  return {
    class: nearest.class,
    x: (box.x - x) / width,
    y: (box.y - y) / height,
    width: box.width / width,
    height: box.height / height,
  };
}

function placedBy(anchor: Anchor, { x, y, width, height }: PixelBox): PixelBox {
  return {
    x: x + anchor.x * width,
    y: y + anchor.y * height,
    width: anchor.width * width,
    height: anchor.height * height,
  };
}

function centreOf(box: PixelBox, size: PixelBox): Pick<PixelBox, 'x' | 'y'> {
  return { x: box.x + (box.width - size.width) / 2, y: box.y + (box.height - size.height) / 2 };
}
