import { clipped, type PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import { isInside, type Point } from './rules/geometry.ts';

/** A picture in which privacy zones are black, whoever reads it and at whatever size. */
export class BlankedSource implements PixelSource {
  readonly width: number;
  readonly height: number;
  readonly #source: PixelSource;
  readonly #zones: readonly Zone[];

  constructor(source: PixelSource, polygons: readonly (readonly Point[])[]) {
    ({ width: this.width, height: this.height } = source);
    this.#source = source;
    this.#zones = polygons.map((polygon) => ({ polygon, bounds: boundsOf(polygon) }));
  }

  readRgb(
    crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset = 0,
    stride = width * 3,
  ): void {
    this.#source.readRgb(crop, width, height, target, offset, stride);
    const { x, y, width: wide, height: high } = clipped(crop, this);
    const part = {
      x: x / this.width,
      y: y / this.height,
      width: wide / this.width,
      height: high / this.height,
    };
    this.#blank(part, width, height, (column, row) => target.fill(0, at(column, row), at(column, row) + 3));
    function at(column: number, row: number): number {
      return offset + row * stride + column * 3;
    }
  }

  readLuma(width: number, height: number): Uint8Array {
    const luma = this.#source.readLuma(width, height).slice();
    this.#blank({ x: 0, y: 0, width: 1, height: 1 }, width, height, (column, row) => {
      luma[row * width + column] = 0;
    });
    return luma;
  }

  /** Calls `fill` for each sample of the part (fractions of the picture) that shows any of a zone. */
  #blank(part: PixelBox, width: number, height: number, fill: (column: number, row: number) => void): void {
    const [stepX, stepY] = [part.width / width, part.height / height];
    for (const { polygon, bounds } of this.#zones) {
      // A sample may be mixed from its neighbours: half a step more on each side is blanked too.
      const first = [
        Math.max(0, Math.floor((bounds.left - part.x) / stepX) - 1),
        Math.max(0, Math.floor((bounds.top - part.y) / stepY) - 1),
      ] as const;
      const last = [
        Math.min(width - 1, Math.ceil((bounds.right - part.x) / stepX) + 1),
        Math.min(height - 1, Math.ceil((bounds.bottom - part.y) / stepY) + 1),
      ] as const;
      for (let row = first[1]; row <= last[1]; row++) {
        for (let column = first[0]; column <= last[0]; column++) {
          if (touches(polygon, part.x + (column + 0.5) * stepX, part.y + (row + 0.5) * stepY, stepX, stepY))
            fill(column, row);
        }
      }
    }
  }
}

interface Zone {
  readonly polygon: readonly Point[];
  readonly bounds: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
}

/** Whether a sample's middle, or a point one step beside it, lies in the polygon. */
function touches(polygon: readonly Point[], x: number, y: number, stepX: number, stepY: number): boolean {
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) if (isInside([x + dx * stepX, y + dy * stepY], polygon)) return true;
  }
  return false;
}

function boundsOf(polygon: readonly Point[]): Zone['bounds'] {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
