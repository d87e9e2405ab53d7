import type { Plane, Surface } from '../surface.ts';
import type { SampleGrid } from './spans.ts';

/** What a component means, which decides how it is coloured. */
export type Component = 'y' | 'u' | 'v' | 'r' | 'g' | 'b' | 'alpha';

/** One component of a surface: sample (x, y) is `data[offset + y * stride + x * step]`. */
export interface Samples extends SampleGrid {
  readonly component: Component;
  readonly data: Uint8Array | Uint16Array;
  readonly offset: number;
  readonly step: number;
  readonly stride: number;
}

/**
 * Calls `draw` with the components of the surface as arrays of whole samples. Planes of 2-byte samples that do not lie
 * on even addresses are copied for the call and copied back.
 */
export function withSamples(surface: Surface, draw: (components: readonly Samples[]) => void): void {
  if (surface.kind === 'rgb') {
    const { data, channels, width, height } = surface;
    const names: readonly Component[] = channels === 4 ? ['r', 'g', 'b', 'alpha'] : ['r', 'g', 'b'];
    const shared = { data, step: channels, stride: width * channels, width, height, shiftX: 0, shiftY: 0 };
    draw(names.map((component, offset) => ({ component, offset, ...shared })));
    return;
  }
  const names: readonly Component[] = ['y', 'u', 'v'];
  const copies: { plane: Plane; copy: Uint8Array }[] = [];
  const components = surface.planes.map((plane, index) => {
    const { width, height, shiftX, shiftY } = plane;
    const grid = { component: names[index]!, offset: 0, step: 1, width, height, shiftX, shiftY };
    if (surface.depth <= 8) return { ...grid, data: plane.data, stride: plane.stride };
    if (plane.data.byteOffset % 2 === 0 && plane.stride % 2 === 0) {
      return { ...grid, data: words(plane.data), stride: plane.stride / 2 };
    }
    const copy = packed(plane);
    copies.push({ plane, copy });
    return { ...grid, data: words(copy), stride: width };
  });
  draw(components);
  for (const { plane, copy } of copies) unpack(plane, copy);
}

function words(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
}

function packed(plane: Plane): Uint8Array {
  const row = plane.width * 2;
  const copy = new Uint8Array(row * plane.height);
  for (let y = 0; y < plane.height; y++) {
    copy.set(plane.data.subarray(y * plane.stride, y * plane.stride + row), y * row);
  }
  return copy;
}

function unpack(plane: Plane, copy: Uint8Array): void {
  const row = plane.width * 2;
  for (let y = 0; y < plane.height; y++) {
    plane.data.set(copy.subarray(y * row, (y + 1) * row), y * plane.stride);
  }
}
