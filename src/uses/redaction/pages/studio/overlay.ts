import type { PixelBox, Size } from '../../../../core/box.ts';
import { namedOf } from './names.ts';
import { paintNames } from './paint-names.ts';
import type { Placed } from './placed.ts';

/** Where a handle of a box is: which of its edges it moves. */
export interface Handle {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

export const handles: readonly Handle[] = [
  ...[-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => ({ x, y }) as Handle)),
].filter(({ x, y }) => x !== 0 || y !== 0);

/** How near to a handle a pointer is taken to be on it, pixels of the screen. */
const REACH = 9;

/**
 * Draws what is worked with: outlines, names, handles. Nothing of it is in the file.
 * @returns the names of those that are not chosen.
 */
export function paintOverlay(
  context: CanvasRenderingContext2D,
  placed: readonly Placed[],
  {
    source,
    selected,
    draft,
    every,
    ratio,
  }: {
    readonly source: Size;
    readonly selected: string | undefined;
    /** A box that is being drawn or moved. */
    readonly draft: PixelBox | undefined;
    /** Whether regions that are not chosen have an outline too. */
    readonly every: boolean;
    /** Pixels of the canvas for one of the screen. */
    readonly ratio: number;
  },
): string {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const [across, down] = [width / source.width, height / source.height];
  const onScreen = (box: PixelBox): [number, number, number, number] => [
    ...([box.x * across, box.y * down, box.width * across, box.height * down] as const),
  ];
  const line = (box: PixelBox, color: string, dash: readonly number[], thick: number): void => {
    context.setLineDash([]);
    context.strokeStyle = '#000';
    context.lineWidth = (thick + 2) * ratio;
    context.strokeRect(...onScreen(box));
    context.setLineDash(dash.map((one) => one * ratio));
    context.strokeStyle = color;
    context.lineWidth = thick * ratio;
    context.strokeRect(...onScreen(box));
  };
  for (const { region, box, covered } of placed)
    if (every && region.id !== selected) line(box, covered ? '#ffbe2e' : '#fff', covered ? [] : [5, 4], 1.5);
  const others = placed.filter(
    ({ region, covered }) => region.id !== selected && (every || (covered && region.style !== 'outline')),
  );
  context.setLineDash([]);
  const names = paintNames(context, namedOf(others, { across, down }), { within: !every, ratio });
  const chosen = placed.find(({ region }) => region.id === selected);
  const shown = draft ?? chosen?.box;
  if (shown === undefined) return names;
  line(shown, '#4fd1ff', chosen === undefined || chosen.covered ? [] : [6, 4], 2);
  context.setLineDash([]);
  const [x, y, w, h] = onScreen(shown);
  for (const handle of handles) {
    const [at, on] = [x + ((handle.x + 1) / 2) * w, y + ((handle.y + 1) / 2) * h];
    context.fillStyle = '#000';
    context.fillRect(at - 5 * ratio, on - 5 * ratio, 10 * ratio, 10 * ratio);
    context.fillStyle = '#4fd1ff';
    context.fillRect(at - 3.5 * ratio, on - 3.5 * ratio, 7 * ratio, 7 * ratio);
  }
  if (chosen === undefined) return names;
  context.font = `600 ${13 * ratio}px "Source Sans Pro Web", sans-serif`;
  const text = chosen.region.id;
  const wide = context.measureText(text).width + 10 * ratio;
  const above = y > 26 * ratio ? y - 25 * ratio : y + h + 7 * ratio;
  context.fillStyle = '#00344a';
  context.fillRect(x, above, wide, 19 * ratio);
  context.fillStyle = '#fff';
  context.textBaseline = 'middle';
  context.fillText(text, x + 5 * ratio, above + 10 * ratio);
  return names;
}

/** The handle of a box under a pointer. @param scale screen pixels for one of the source. */
export function handleAt(
  box: PixelBox,
  at: { readonly x: number; readonly y: number },
  scale: number,
): Handle | undefined {
  return handles.find(
    ({ x, y }) =>
      Math.abs(at.x - box.x - ((x + 1) / 2) * box.width) * scale <= REACH &&
      Math.abs(at.y - box.y - ((y + 1) / 2) * box.height) * scale <= REACH,
  );
}

/** The box after a handle, or with none of it the whole box, was dragged; never turned inside out. */
export function dragged(box: PixelBox, handle: Handle | undefined, dx: number, dy: number): PixelBox {
  if (handle === undefined) return { ...box, x: box.x + dx, y: box.y + dy };
  const left = box.x + (handle.x === -1 ? dx : 0);
  const right = box.x + box.width + (handle.x === 1 ? dx : 0);
  const top = box.y + (handle.y === -1 ? dy : 0);
  const bottom = box.y + box.height + (handle.y === 1 ? dy : 0);
  return boxBetween({ x: left, y: top }, { x: right, y: bottom });
}

/** The box with these two corners, at least two pixels wide and high. */
export function boxBetween(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): PixelBox {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.max(2, Math.abs(a.x - b.x)),
    height: Math.max(2, Math.abs(a.y - b.y)),
  };
}
