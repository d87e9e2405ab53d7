import type { PixelBox } from '../../core/box.ts';
import { scalePicture } from '../scale.ts';
import type { Orientation, Surface } from '../surface.ts';
import { displayedSize, turnPixels } from '../video/orientation.ts';
import { labelFont } from './font.ts';
import { storedShape, type DrawnRegion } from './region.ts';
import type { Samples } from './samples.ts';

/** Share of the region's smaller extents that text may take. */
const FILL = 0.9;
/** Smaller than this many pixels high, text cannot be read; then it is left out. */
const LEAST_HEIGHT = 7;
/** Largest height as a share of the picture's smaller side. */
const LARGEST_SHARE = 1 / 12;

/** Coverage 0..255 of a text, packed rows. */
interface Ink {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Writes the region's label in its middle, upright as displayed, scaled to fit: light where the mask is dark, dark where
 * it is light. The same label on the same region gives the same pixels on every machine.
 */
export function drawLabel(
  surface: Surface,
  components: readonly Samples[],
  region: DrawnRegion,
  label: string,
): void {
  const box = labelBox(surface, region, [...label].length);
  if (box === undefined) return;
  const ink = turned(inkOf([...label], box.width, box.height), surface.orientation);
  const place = storedShape({ box, shape: 'box' }, surface, surface.orientation);
  const left = Math.round(place.left);
  const top = Math.round(place.top);
  const tones = components.filter(({ component }) => !['u', 'v', 'alpha'].includes(component));
  const [low, high] = [darkest(surface), brightest(surface)];
  const dark = isDark(tones, left, top, ink, (low + high) / 2);
  for (const samples of tones) blend(samples, ink, left, top, dark ? high : low);
}

/**
 * Where a label of so many characters goes on a region, in whole displayed pixels; undefined when it could not be read
 * there and is left out.
 */
export function labelBox(
  surface: Pick<Surface, 'width' | 'height' | 'orientation'>,
  { box, shape }: Pick<DrawnRegion, 'box' | 'shape'>,
  length: number,
): PixelBox | undefined {
  const shown = displayedSize(surface, surface.orientation);
  const font = labelFont();
  // The largest rectangle in an ellipse that has its proportions.
  const room = shape === 'ellipse' ? FILL * Math.SQRT1_2 : FILL;
  const [roomX, roomY] = [box.width * room, box.height * room];
  const most = Math.max(LEAST_HEIGHT, Math.min(shown.width, shown.height) * LARGEST_SHARE);
  const scale = Math.min(roomX / (length * font.width), roomY / font.height, most / font.height);
  const width = Math.floor(length * font.width * scale);
  const height = Math.floor(font.height * scale);
  if (length === 0 || height < LEAST_HEIGHT) return undefined;
  const x = Math.round(box.x + (box.width - width) / 2);
  const y = Math.round(box.y + (box.height - height) / 2);
  return { x, y, width, height };
}

function inkOf(characters: readonly string[], width: number, height: number): Ink {
  const font = labelFont();
  const line = new Uint8Array(font.width * characters.length * font.height);
  for (const [i, character] of characters.entries()) {
    const glyph = font.glyph(character);
    for (let y = 0; y < font.height; y++) {
      const row = glyph.subarray(y * font.width, (y + 1) * font.width);
      line.set(row, (y * characters.length + i) * font.width);
    }
  }
  const source = {
    data: line,
    width: font.width * characters.length,
    height: font.height,
    channels: 1 as const,
  };
  const data = new Uint8Array(width * height);
  scalePicture(source, { x: 0, y: 0, width: source.width, height: source.height }, width, height, data);
  return { width, height, data };
}

/** The ink as it must be stored to be seen upright. */
function turned(ink: Ink, { rotation, mirrored }: Orientation): Ink {
  // A turn is undone by the opposite one; a turn with a mirror undoes itself.
  const opposite = mirrored ? rotation : (((360 - rotation) % 360) as Orientation['rotation']);
  const back = { rotation: opposite, mirrored };
  const { width, height } = displayedSize(ink, back);
  const data = new Uint8Array(width * height);
  turnPixels(ink.data, ink.width, ink, back, 1, data, 0, width);
  return { width, height, data };
}

function brightest(surface: Surface): number {
  if (surface.kind === 'rgb') return 255;
  return surface.fullRange ? 2 ** surface.depth - 1 : 235 * 2 ** (surface.depth - 8);
}

function darkest(surface: Surface): number {
  return surface.kind === 'rgb' || surface.fullRange ? 0 : 16 * 2 ** (surface.depth - 8);
}

/** Visits the ink's samples that lie in the picture. */
function eachInk(
  samples: Samples,
  ink: Ink,
  left: number,
  top: number,
  visit: (at: number, ink: number) => void,
): void {
  const { width, height, offset, stride, step } = samples;
  for (let y = Math.max(0, -top); y < Math.min(ink.height, height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(ink.width, width - left); x++) {
      visit(offset + (top + y) * stride + (left + x) * step, ink.data[y * ink.width + x]!);
    }
  }
}

/** Whether the ground is darker than mid-grey; of colours, their plain mean is near enough to luma. */
function isDark(tones: readonly Samples[], left: number, top: number, ink: Ink, middle: number): boolean {
  let sum = 0;
  let count = 0;
  for (const samples of tones) {
    eachInk(samples, ink, left, top, (at) => {
      sum += samples.data[at]!;
      count++;
    });
  }
  return sum <= count * middle;
}

function blend(samples: Samples, ink: Ink, left: number, top: number, value: number): void {
  eachInk(samples, ink, left, top, (at, share) => {
    if (share === 0) return;
    const ground = samples.data[at]!;
    samples.data[at] = Math.round(ground + ((value - ground) * share) / 255);
  });
}
