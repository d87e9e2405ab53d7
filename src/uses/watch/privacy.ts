import { clipped, type PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import type { Point } from './rules/geometry.ts';

/** Places of whole pictures that are known at a time: a camera's picture is read at a handful of sizes. */
const mostKept = 8;
/** Samples; so that a border on the edge of one is not missed by rounding. */
const rounding = 1e-6;

/** Samples `first` to `last` of a row. */
interface Run {
  readonly row: number;
  readonly first: number;
  readonly last: number;
}

/** What must never be seen of a camera. One per camera: which samples that are is reckoned once for each size. */
export class PrivacyZones {
  readonly #polygons: readonly (readonly Point[])[];
  readonly #kept = new Map<string, readonly Run[]>();

  /** @param privacy zones of the site file. */
  constructor(privacy: readonly { readonly polygon: readonly Point[] }[]) {
    this.#polygons = privacy.map(({ polygon }) => polygon);
  }

  /** The picture with the zones black, whoever reads it and at whatever size. */
  blank(source: PixelSource): PixelSource {
    return this.#polygons.length === 0 ? source : new BlankedSource(source, this);
  }

  /** @param part of the picture, in fractions of it. @param width samples of the part. */
  runs(part: PixelBox, width: number, height: number): readonly Run[] {
    const whole = part.x === 0 && part.y === 0 && part.width === 1 && part.height === 1;
    // Windows of detectors are hardly ever the same twice.
    if (!whole) return this.#reckon(part, width, height);
    const size = `${width}x${height}`;
    const known = this.#kept.get(size);
    if (known !== undefined) return known;
    const runs = this.#reckon(part, width, height);
    if (this.#kept.size === mostKept) this.#kept.delete([...this.#kept.keys()][0]!);
    this.#kept.set(size, runs);
    return runs;
  }

  #reckon(part: PixelBox, width: number, height: number): Run[] {
    const step = { x: part.width / width, y: part.height / height };
    const hidden = new Uint8Array(width);
    const runs: Run[] = [];
    for (let row = 0; row < height; row++) {
      hidden.fill(0);
      const y = part.y + (row + 0.5) * step.y;
      // A sample may be mixed from its neighbours: those that are a step away from a zone are hidden too.
      for (const [from, to] of this.#polygons.flatMap((polygon) => across(polygon, y, step.y))) {
        const first = Math.ceil((from - part.x) / step.x - 1.5 - rounding);
        const last = Math.floor((to - part.x) / step.x + 0.5 + rounding);
        if (last >= 0 && first < width) hidden.fill(1, Math.max(0, first), last + 1);
      }
      for (let first = hidden.indexOf(1); first >= 0;) {
        const end = hidden.indexOf(0, first);
        runs.push({ row, first, last: (end < 0 ? width : end) - 1 });
        first = end < 0 ? -1 : hidden.indexOf(1, end);
      }
    }
    return runs;
  }
}

class BlankedSource implements PixelSource {
  readonly width: number;
  readonly height: number;
  readonly #source: PixelSource;
  readonly #zones: PrivacyZones;

  constructor(source: PixelSource, zones: PrivacyZones) {
    ({ width: this.width, height: this.height } = source);
    this.#source = source;
    this.#zones = zones;
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
    for (const { row, first, last } of this.#zones.runs(part, width, height)) {
      const line = offset + row * stride;
      target.fill(0, line + first * 3, line + (last + 1) * 3);
    }
  }

  readLuma(width: number, height: number): Uint8Array {
    const luma = this.#source.readLuma(width, height).slice();
    const whole = { x: 0, y: 0, width: 1, height: 1 };
    for (const { row, first, last } of this.#zones.runs(whole, width, height))
      luma.fill(0, row * width + first, row * width + last + 1);
    return luma;
  }
}

/** Where a polygon (nonzero) lies on a line at `y`, and where its border is less than `reach` above or below it. */
function across(polygon: readonly Point[], y: number, reach: number): [from: number, to: number][] {
  const spans: [number, number][] = [];
  const crossings: { readonly x: number; readonly way: 1 | -1 }[] = [];
  let [bx, by] = polygon.at(-1)!;
  for (const [ax, ay] of polygon) {
    const xAt = (height: number): number => (ay === by ? ax : ax + ((bx - ax) * (height - ay)) / (by - ay));
    if (ay > y !== by > y) crossings.push({ x: xAt(y), way: ay > by ? 1 : -1 });
    const [top, bottom] = [Math.max(Math.min(ay, by), y - reach), Math.min(Math.max(ay, by), y + reach)];
    if (top <= bottom) {
      const [one, other] = ay === by ? [ax, bx] : [xAt(top), xAt(bottom)];
      spans.push([Math.min(one, other), Math.max(one, other)]);
    }
    [bx, by] = [ax, ay];
  }
  crossings.sort((a, b) => a.x - b.x);
  let windings = 0;
  for (const [at, { x, way }] of crossings.entries()) {
    windings += way;
    if (windings !== 0) spans.push([x, crossings[at + 1]!.x]);
  }
  return spans;
}
