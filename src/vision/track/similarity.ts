import { iou, type PixelBox } from '../../core/box.ts';
import { sizeOf } from './kalman.ts';
import type { TimedBox } from './tracklet.ts';

/**
 * IoU of both boxes, each enlarged on every side by the share `buffer` of its size (geometric mean of its sides): small or fast things whose boxes just miss each other
 * still compare (C-BIoU: Yang et al., "Hard to Track Objects with Irregular Motions and Similar Appearances? Make It
 * Easier by Buffering the Matching Space", WACV 2023).
 */
export function bufferedIou(a: PixelBox, b: PixelBox, buffer: number): number {
  return iou(enlarged(a, buffer), enlarged(b, buffer));
}

function enlarged(box: PixelBox, buffer: number): PixelBox {
  const margin = buffer * sizeOf(box);
  return {
    x: box.x - margin,
    y: box.y - margin,
    width: box.width + 2 * margin,
    height: box.height + 2 * margin,
  };
}

/**
 * How well a step from `last` to `next` continues the motion from `earlier` to `last`: 0.5 straight on, 0 across, -0.5
 * back (observation-centric momentum of OC-SORT, Cao et al., CVPR 2023). Motions shorter than a tenth of the box are
 * mostly noise of the detector and count in proportion.
 */
export function continuation(earlier: TimedBox, last: TimedBox, next: PixelBox): number {
  const before = motion(earlier.box, last.box);
  const after = motion(last.box, next);
  const lengths = [before.length, after.length] as const;
  if (lengths[0] === 0 || lengths[1] === 0) return 0;
  const cosine = (before.x * after.x + before.y * after.y) / (lengths[0] * lengths[1]);
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  const trust = Math.min(1, Math.min(...lengths) / (0.1 * sizeOf(last.box)));
  return trust * (0.5 - angle / Math.PI);
}

function motion(from: PixelBox, to: PixelBox): { x: number; y: number; length: number } {
  const x = to.x + to.width / 2 - from.x - from.width / 2;
  const y = to.y + to.height / 2 - from.y - from.height / 2;
  return { x, y, length: Math.hypot(x, y) };
}
