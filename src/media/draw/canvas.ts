import type { Surface } from '../surface.ts';
import { paintFor, type Matrix, type Paint } from './colour.ts';
import { fillMask, fillShape } from './fill.ts';
import { complement, eachGap, eachSpan, unionMask, type SpanMask } from './mask.ts';
import { patchesFor, wholePatch, type CellStyle } from './patch.ts';
import { reversibleStyles, type DrawnRegion, type Rgb, type Shape, type Style } from './region.ts';
import type { Samples } from './samples.ts';
import { eachShapeRow, type SampleGrid } from './spans.ts';
import { SmoothWriter, synthesize, writeCells, type Patch } from './synthesis.ts';

const black: Rgb = { r: 0, g: 0, b: 0 };
const grey: Rgb = { r: 128, g: 128, b: 128 };

/** A region and where it lies in the stored picture. */
export interface Placed {
  readonly region: DrawnRegion;
  readonly shape: Shape;
}

/** Rows to write, once the patch they lie in is known. */
type EachRow = (write: (y: number, from: number, to: number) => void) => void;

/** The components of one surface, and the order in which what hides is laid on them. */
export class Canvas {
  readonly #components: readonly Samples[];
  readonly #colours: readonly Samples[];
  readonly #alpha: Samples | undefined;
  readonly #surface: Surface;
  readonly #matrix: Matrix;
  readonly #neutral: Paint;

  constructor(surface: Surface, components: readonly Samples[], matrix: Matrix) {
    this.#surface = surface;
    this.#matrix = matrix;
    this.#components = components;
    this.#colours = components.filter(({ component }) => component !== 'alpha');
    this.#alpha = components.find(({ component }) => component === 'alpha');
    this.#neutral = paintFor(grey, surface, matrix);
  }

  /** Hides the regions. */
  hide(placed: readonly Placed[]): void {
    const all = placed.map(({ shape }) => shape);
    const irreversible = placed.filter(({ region }) => !reversibleStyles.has(region.style));
    // What is made from outside comes first, while no reversible style has carried anything there.
    const hidden = masksOf(all);
    for (const style of ['blur', 'pixelate'] as const) {
      this.#layCells(placed, style, hidden, () => undefined);
    }
    for (const { region, shape } of placed) {
      if (region.style === 'solid') this.#fill(shape, region.color ?? black);
    }
    // Reversible styles read what they cover: all that is irreversible must be gone by now, and stays on top.
    const spared = masksOf(irreversible.map(({ shape }) => shape));
    for (const style of ['blur-inside', 'mosaic-inside'] as const) {
      this.#layCells(placed, style, () => undefined, spared);
    }
    if (this.#alpha !== undefined) for (const shape of all) fillShape(this.#alpha, shape, 255);
  }

  /** Hides everything but the regions, in the style of the first. */
  hideOutside(placed: readonly Placed[]): void {
    const first = placed[0]?.region;
    const style = first?.style ?? 'solid';
    const paint = paintFor(first?.color ?? black, this.#surface, this.#matrix);
    const shapes = placed.map(({ shape }) => shape);
    for (const samples of this.#components) {
      const hidden = complement(unionMask(shapes, samples, 'inner'));
      if (samples.component === 'alpha' || !isCellStyle(style))
        fillMask(samples, hidden, paint[samples.component]);
      else {
        const unread = reversibleStyles.has(style) ? undefined : hidden;
        this.#lay(samples, wholePatch(style, this.#surface), style, unread, (write) => {
          for (let y = 0; y < samples.height; y++) {
            eachSpan(hidden, y, 0, samples.width, (from, to) => write(y, from, to));
          }
        });
      }
    }
  }

  #fill(shape: Shape, color: Rgb): void {
    const paint = paintFor(color, this.#surface, this.#matrix);
    for (const samples of this.#components) fillShape(samples, shape, paint[samples.component]);
  }

  /**
   * Lays one style on all its regions.
   * @param unread which samples must not be read. @param spared which must not be written.
   */
  #layCells(placed: readonly Placed[], style: CellStyle, unread: MaskFor, spared: MaskFor): void {
    const shapes = placed.filter(({ region }) => region.style === style).map(({ shape }) => shape);
    for (const { patch, shapes: own } of patchesFor(shapes, style, this.#surface)) {
      for (const samples of this.#colours) {
        const untouched = spared(samples);
        this.#lay(samples, patch, style, unread(samples), (write) => {
          for (const shape of own) {
            eachShapeRow(shape, samples, (y, from, to) => {
              eachGap(untouched, y, from, to, (start, stop) => write(y, start, stop));
            });
          }
        });
      }
    }
  }

  #lay(
    samples: Samples,
    patch: Patch,
    style: CellStyle,
    unread: SpanMask | undefined,
    eachRow: EachRow,
  ): void {
    const synthesis = synthesize(samples, patch, unread, this.#neutral[samples.component]);
    if (style === 'blur' || style === 'blur-inside') {
      const writer = new SmoothWriter(samples, synthesis);
      eachRow((y, from, to) => writer.write(y, from, to));
    } else {
      eachRow((y, from, to) => writeCells(samples, synthesis, y, from, to));
    }
  }
}

function isCellStyle(style: Style): style is CellStyle {
  return style !== 'solid' && style !== 'outline';
}

type MaskFor = (grid: SampleGrid) => SpanMask | undefined;

/** The union of the shapes on each grid, made when first asked for: components of one subsampling share it. */
function masksOf(shapes: readonly Shape[]): MaskFor {
  const made = new Map<string, SpanMask>();
  return (grid) => {
    if (shapes.length === 0) return undefined;
    const key = `${grid.shiftX},${grid.shiftY}`;
    const mask = made.get(key) ?? unionMask(shapes, grid);
    made.set(key, mask);
    return mask;
  };
}
