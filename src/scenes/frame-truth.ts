import { area, clipped, type Size } from '../core/box.ts';
import type { Placement } from './draw/motion.ts';
import { cornersOf, opacityAt, sweptBox } from './draw/render.ts';
import type { Sprite } from './draw/sprite.ts';
import { boxCorners, type Mark, type Point, type Truth, visibleGrid } from './truth.ts';

/** An element and where it is while the shutter is open for one frame. */
export interface Placed {
  readonly id: string;
  readonly sprite: Sprite;
  readonly places: readonly Placement[];
}

/** What is known of a frame. @param placed far to near. */
export function frameTruth(placed: readonly Placed[], size: Size): Truth[] {
  return placed.flatMap((element, order) =>
    element.sprite.marks.flatMap((mark, number) => {
      const known = markTruth(mark, element, placed.slice(order + 1), size);
      return known === undefined ? [] : [{ id: `${element.id}/${mark.class}-${number}`, ...known }];
    }),
  );
}

/** Radians; a line of 40 letters rises by less than half a letter. */
const UPRIGHT = 0.01;

/** What is known of a mark in a frame, unless it cannot be seen. */
function markTruth(
  mark: Mark,
  { sprite, places }: Placed,
  nearer: readonly Placed[],
  size: Size,
): Omit<Truth, 'id'> | undefined {
  const whole = sweptBox(sprite, places, mark.box, mark.oval);
  const box = clipped(whole, size);
  if (box.width <= 0 || box.height <= 0) return undefined;
  const [start, middle, end] = [places[0]!, places[places.length >> 1]!, places.at(-1)!];
  const turn = (mark.turn ?? 0) + (middle.turn ?? 0);
  const upright = Math.abs(turn) < UPRIGHT || mark.oval === true;
  const corners = upright ? undefined : cornersOf(sprite, middle, mark.box);
  const seen = visiblePoints(corners ?? boxCorners(box), nearer, size);
  const inFrame = corners === undefined ? area(box) / area(whole) : 1;
  const occludedShare = Math.max(0, 1 - (inFrame * seen.filter(Boolean).length) / seen.length);
  if (occludedShare === 1) return undefined;
  const { text, subject, view } = mark;
  return {
    class: mark.class,
    box,
    ...(corners === undefined ? {} : { corners }),
    size: {
      width: mark.box.width * middle.scale,
      height: (mark.lineHeight ?? mark.box.height) * middle.scale,
    },
    ...(text === undefined ? {} : { text }),
    ...(subject === undefined ? {} : { subject }),
    ...(view === undefined ? {} : { view }),
    turn,
    occludedShare,
    ...(seen.every(Boolean) ? {} : { visible: visibleGrid.pack(seen) }),
    blur: Math.hypot(end.x - start.x, end.y - start.y),
  };
}

/** Which points of a grid across a rectangle lie inside the frame and behind nothing that is nearer. */
function visiblePoints(corners: readonly Point[], nearer: readonly Placed[], size: Size): boolean[] {
  return visibleGrid.points(corners).map(([x, y]) => {
    if (x < 0 || y < 0 || x >= size.width || y >= size.height) return false;
    return !nearer.some(({ sprite, places }) => opacityAt(sprite, places[0]!, x, y) >= 0.5);
  });
}
