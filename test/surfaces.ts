import type { Orientation, Plane, RgbSurface, Surface, YuvSurface } from '../src/media/surface.ts';
import { upright } from '../src/media/surface.ts';

/** A small repeatable generator (xorshift32), so that a failure can be seen again. */
export function random(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export interface YuvShape {
  readonly width: number;
  readonly height: number;
  readonly shiftX?: number;
  readonly shiftY?: number;
  readonly depth?: number;
  readonly fullRange?: boolean;
  readonly orientation?: Orientation;
  /** Bytes by which planes miss an even address. */
  readonly skew?: number;
}

/** A YUV picture of noise whose rows are longer than they need be, as decoders make them. */
export function yuvSurface(shape: YuvShape, next: () => number): YuvSurface {
  const {
    width,
    height,
    shiftX = 1,
    shiftY = 1,
    depth = 8,
    fullRange = false,
    orientation = upright,
    skew = 0,
  } = shape;
  const bytes = depth > 8 ? 2 : 1;
  const plane = (sx: number, sy: number): Plane => {
    const columns = Math.ceil(width / 2 ** sx);
    const rows = Math.ceil(height / 2 ** sy);
    const stride = (columns + 5) * bytes + (skew % 2);
    const data = new Uint8Array(stride * rows + skew).subarray(skew);
    const made = { data, stride, width: columns, height: rows, shiftX: sx, shiftY: sy };
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) writeSample(made, depth, x, y, Math.floor(next() * 2 ** depth));
    }
    return made;
  };
  const planes = [plane(0, 0), plane(shiftX, shiftY), plane(shiftX, shiftY)] as const;
  return { kind: 'yuv', width, height, planes, depth, fullRange, orientation };
}

export function rgbSurface(width: number, height: number, channels: 3 | 4, next: () => number): RgbSurface {
  const data = new Uint8Array(width * height * channels).map(() => Math.floor(next() * 256));
  return { kind: 'rgb', data, channels, width, height, orientation: upright };
}

export function readSample(plane: Plane, depth: number, x: number, y: number): number {
  const at = y * plane.stride + x * (depth > 8 ? 2 : 1);
  return depth > 8 ? plane.data[at]! + plane.data[at + 1]! * 256 : plane.data[at]!;
}

export function writeSample(plane: Plane, depth: number, x: number, y: number, value: number): void {
  const at = y * plane.stride + x * (depth > 8 ? 2 : 1);
  plane.data[at] = value & 255;
  if (depth > 8) plane.data[at + 1] = value >> 8;
}

/** All bytes of a surface, to compare. */
export function bytesOf(surface: Surface): Buffer {
  if (surface.kind === 'rgb') return Buffer.from(surface.data);
  return Buffer.concat(surface.planes.map(({ data }) => Buffer.from(data)));
}

export function copyOf<T extends Surface>(surface: T): T {
  if (surface.kind === 'rgb') return { ...surface, data: surface.data.slice() };
  const planes = surface.planes.map((plane) => {
    // Keeps the address as odd or even as it was.
    const skew = plane.data.byteOffset % 2;
    const data = new Uint8Array(plane.data.length + skew).subarray(skew);
    data.set(plane.data);
    return { ...plane, data };
  });
  return { ...surface, planes };
}
