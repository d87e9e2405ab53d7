import { fillShape } from '../../../media/draw/fill.ts';
import { storedShape, type Shape } from '../../../media/draw/region.ts';
import { withSamples, type Samples } from '../../../media/draw/samples.ts';
import type { Plane, Surface, YuvSurface } from '../../../media/surface.ts';
import { drawPlan } from '../draw-plan.ts';
import type { RedactionPlan } from '../plan.ts';
import type { PlacedRegion } from '../timeline.ts';
import { eachPoint, holds } from './fill-points.ts';

/** Farthest that compression of a mask and of its surroundings moves what is made of these, in levels of 255. */
const TOLERANCE = { tone: 20, colour: 12 };
const HOLDING = 0.75;

/**
 * Looks whether blurs and mosaics made of their surroundings are there. What they must look like follows from the
 * pixels around them, which are in the output: they are wiped out in a copy of it, drawn again there, and compared.
 * Nothing that they should have hidden takes part in that.
 */
export class SyntheticFills {
  readonly #plan: RedactionPlan;
  #copy: Buffer[] = [];

  constructor(plan: RedactionPlan) {
    this.#plan = plan;
  }

  /** @returns the regions that were tested, and of them those whose fill is not there. */
  test(
    surface: Surface,
    placed: readonly PlacedRegion[],
  ): { readonly tested: readonly PlacedRegion[]; readonly missing: readonly PlacedRegion[] } {
    const shapes = placed.map((place) => ({ place, shape: shapeOf(place, surface) }));
    const synthetic = shapes.filter(({ place }) => isSynthetic(place));
    // What lies outside of the windows of a plan is drawn over all regions.
    if (synthetic.length === 0 || this.#plan.keepOnly !== undefined) return { tested: [], missing: [] };
    const redrawn = this.#copyOf(surface);
    withSamples(redrawn, (components) => {
      for (const samples of components)
        for (const { shape } of synthetic) fillShape(samples, shape, wiped(samples));
    });
    drawPlan(redrawn, this.#plan, placed);
    const solid = shapes.filter(({ place }) => place.region.style === 'solid').map(({ shape }) => shape);
    const tested: PlacedRegion[] = [];
    const missing: PlacedRegion[] = [];
    withSamples(surface, (seen) =>
      withSamples(redrawn, (wanted) => {
        for (const { place, shape } of synthetic) {
          let [count, holding] = [0, 0];
          eachPoint(shape, surface, (x, y) => {
            if (solid.some((cover) => holds(cover, x, y))) return;
            count += 1;
            if (agree(seen, wanted, x, y)) holding += 1;
          });
          if (count === 0) continue;
          tested.push(place);
          if (holding < HOLDING * count) missing.push(place);
        }
      }),
    );
    return { tested, missing };
  }

  /** The surface with memory of its own, which is used again for the next one. */
  #copyOf(surface: Surface): Surface {
    if (surface.kind === 'rgb') return { ...surface, data: Buffer.from(surface.data) };
    const bytes = surface.depth > 8 ? 2 : 1;
    const copy = (plane: Plane, index: number): Plane => {
      const stride = plane.width * bytes;
      const length = stride * plane.height;
      if (this.#copy[index]?.length !== length) this.#copy[index] = Buffer.alloc(length);
      const data = this.#copy[index] ?? Buffer.alloc(length);
      for (let row = 0; row < plane.height; row++) {
        data.set(plane.data.subarray(row * plane.stride, row * plane.stride + stride), row * stride);
      }
      return { ...plane, data, stride };
    };
    const [y, u, v] = surface.planes;
    const planes: YuvSurface['planes'] = [copy(y, 0), copy(u, 1), copy(v, 2)];
    return { ...surface, planes };
  }
}

function isSynthetic({ region }: PlacedRegion): boolean {
  return region.style === 'blur' || region.style === 'pixelate';
}

function shapeOf({ region, box }: PlacedRegion, surface: Surface): Shape {
  return storedShape({ box, shape: region.shape }, surface, surface.orientation);
}

/** A level that no picture holds throughout: what drawing leaves of it cannot pass for a fill. */
function wiped({ component, data }: Samples): number {
  if (component === 'alpha') return 255;
  return data.BYTES_PER_ELEMENT === 1 ? 255 : 1023;
}

function agree(seen: readonly Samples[], wanted: readonly Samples[], x: number, y: number): boolean {
  return seen.every((samples, index) => {
    const other = wanted[index]!;
    const level = at(samples, x, y) - at(other, x, y);
    const unit = samples.data.BYTES_PER_ELEMENT === 1 ? 1 : 4;
    const limit = samples.component === 'u' || samples.component === 'v' ? TOLERANCE.colour : TOLERANCE.tone;
    return samples.component === 'alpha' || Math.abs(level) <= limit * unit;
  });
}

function at({ data, offset, stride, step, shiftX, shiftY }: Samples, x: number, y: number): number {
  return data[offset + (y >> shiftY) * stride + (x >> shiftX) * step]!;
}
