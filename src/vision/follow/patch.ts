import type { PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';

/** Samples along each side of a patch. */
export const patchSide = 64;

/** Samples beyond this on each side of the patch, so that it can be enlarged and moved without reading again. */
const SPARE = 1.5;
/** Samples along each side of what is read. */
const READ = 96;

/** Part of a picture, to take patches from. */
export interface Surroundings {
  /** Packed RGB. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Where it lies, pixels of the picture. */
  readonly place: PixelBox;
}

/** Reads a window and half of it again around it; of what lies outside of the picture nothing. */
export function readSurroundings(source: PixelSource, window: PixelBox): Surroundings | undefined {
  const [wide, high] = [window.width * SPARE, window.height * SPARE];
  const left = Math.max(0, Math.floor(window.x - (wide - window.width) / 2));
  const top = Math.max(0, Math.floor(window.y - (high - window.height) / 2));
  const right = Math.min(source.width, Math.ceil(window.x + (wide + window.width) / 2));
  const bottom = Math.min(source.height, Math.ceil(window.y + (high + window.height) / 2));
  if (right - left < 4 || bottom - top < 4) return undefined;
  const place = { x: left, y: top, width: right - left, height: bottom - top };
  const width = Math.max(2, Math.min(place.width, Math.round((place.width * READ) / wide)));
  const height = Math.max(2, Math.min(place.height, Math.round((place.height * READ) / high)));
  const data = new Uint8Array(width * height * 3);
  source.readRgb(place, width, height, data);
  return { data, width, height, place };
}

/** A window sampled to {@link patchSide} squared: red, green and blue of each sample, 0..255; edges go on as they are. */
export function takePatch({ data, width, height, place }: Surroundings, window: PixelBox): Float32Array {
  const patch = new Float32Array(patchSide * patchSide * 3);
  const across = position(window.x, window.width, place.x, place.width, width);
  const down = position(window.y, window.height, place.y, place.height, height);
  for (let row = 0; row < patchSide; row++) {
    const y = down(row);
    const y0 = Math.floor(y);
    const y1 = Math.min(height - 1, y0 + 1);
    const v = y - y0;
    for (let column = 0; column < patchSide; column++) {
      const x = across(column);
      const x0 = Math.floor(x);
      const x1 = Math.min(width - 1, x0 + 1);
      const u = x - x0;
      const at = (row * patchSide + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const upper =
          data[(y0 * width + x0) * 3 + channel]! * (1 - u) + data[(y0 * width + x1) * 3 + channel]! * u;
        const lower =
          data[(y1 * width + x0) * 3 + channel]! * (1 - u) + data[(y1 * width + x1) * 3 + channel]! * u;
        patch[at + channel] = upper * (1 - v) + lower * v;
      }
    }
  }
  return patch;
}

/** Where a sample of the patch lies among those that were read. */
function position(
  start: number,
  length: number,
  readStart: number,
  readLength: number,
  count: number,
): (sample: number) => number {
  return (sample) => {
    const pixel = start + ((sample + 0.5) * length) / patchSide;
    const at = ((pixel - readStart) * count) / readLength - 0.5;
    return Math.min(count - 1, Math.max(0, at));
  };
}
