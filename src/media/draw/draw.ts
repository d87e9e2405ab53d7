import { TidewaiterError } from '../../core/errors.ts';
import type { Surface } from '../surface.ts';
import { assumedMatrix, paintFor, type Matrix } from './colour.ts';
import { fillMask, fillShape } from './fill.ts';
import { drawLabel } from './label.ts';
import { complement, eachGap, emptyMask, eachSpan, unionMask, type SpanMask } from './mask.ts';
import { drawOutline } from './outline.ts';
import { patchesFor, wholePatch, type CellStyle } from './patch.ts';
import {
  reversibleStyles,
  storedShape,
  type DrawnRegion,
  type Rgb,
  type Shape,
  type Style,
} from './region.ts';
import { withSamples, type Samples } from './samples.ts';
import { rowsOf, rowSpan } from './spans.ts';
import { SmoothWriter, synthesize, writeCells, type Patch } from './synthesis.ts';

export interface DrawOptions {
  /**
   * Hides everything outside the regions instead, in the style and colour of the first one; a pixel stays visible only
   * when it lies wholly inside a region. Without regions everything is hidden. Labels are not drawn. Default false.
   */
  readonly inverted?: boolean;
  /** How colours become YUV. Default: BT.709 from 720 lines on, BT.601 below, as players assume. */
  readonly matrix?: Matrix;
}

const styles: readonly Style[] = ['solid', 'pixelate', 'blur', 'outline', 'mosaic-inside', 'blur-inside'];
const black: Rgb = { r: 0, g: 0, b: 0 };
const grey: Rgb = { r: 128, g: 128, b: 128 };

interface Placed {
  readonly region: DrawnRegion;
  readonly shape: Shape;
}

/**
 * Draws regions on a picture, in place. Every sample that a region touches is covered: a chroma sample as soon as one
 * luma pixel it serves is. Where regions overlap, irreversible styles win over reversible ones and `solid` over all.
 * On pictures with alpha, what is hidden becomes opaque.
 * @throws TidewaiterError `E_REGION` for a region that is not understood; nothing has been drawn then, and the picture
 *   must not be shown.
 */
export function drawRegions(
  surface: Surface,
  regions: readonly DrawnRegion[],
  options: DrawOptions = {},
): void {
  const placed = regions.map((region) => place(region, surface));
  const hiding = placed.filter(({ region }) => region.style !== 'outline');
  const matrix = options.matrix ?? assumedMatrix(surface);
  withSamples(surface, (components) => {
    const canvas = new Canvas(surface, components, matrix);
    if (options.inverted === true) canvas.hideOutside(hiding);
    else canvas.hide(hiding);
    for (const { region, shape } of placed) {
      if (region.style === 'outline')
        drawOutline(components, shape, paintFor(region.color ?? yellow, surface, matrix));
    }
    if (options.inverted === true) return;
    for (const { region } of placed) {
      if (region.label !== undefined) drawLabel(surface, components, region, region.label);
    }
  });
}

const yellow: Rgb = { r: 255, g: 214, b: 10 };

function place(region: DrawnRegion, surface: Surface): Placed {
  if (!styles.includes(region.style) || (region.shape !== 'box' && region.shape !== 'ellipse')) {
    throw new TidewaiterError(
      'E_REGION',
      `A region has the style "${region.style}" and the shape "${region.shape}"`,
      `Use one of the styles ${styles.join(', ')} and the shape box or ellipse.`,
    );
  }
  return { region, shape: storedShape(region, surface, surface.orientation) };
}

/** The components of one surface and the order in which styles are laid on them. */
class Canvas {
  readonly #surface: Surface;
  readonly #matrix: Matrix;
  readonly #components: readonly Samples[];

  constructor(surface: Surface, components: readonly Samples[], matrix: Matrix) {
    this.#surface = surface;
    this.#components = components;
    this.#matrix = matrix;
  }

  hide(placed: readonly Placed[]): void {
    const withStyle = (style: Style): Shape[] =>
      placed.filter(({ region }) => region.style === style).map(({ shape }) => shape);
    const all = placed.map(({ shape }) => shape);
    // What is made from outside comes first, while the outside is still untouched.
    this.#eachColour((samples, masks) => {
      for (const style of ['blur', 'pixelate'] as const) {
        this.#layCells(samples, withStyle(style), style, () => masks(all), emptyMask(samples));
      }
    });
    for (const { region, shape } of placed)
      if (region.style === 'solid') this.#fill(shape, region.color ?? black);
    // Reversible styles read what they cover, so everything irreversible must be gone by now, and stays on top.
    const irreversible = placed
      .filter(({ region }) => !reversibleStyles.has(region.style))
      .map(({ shape }) => shape);
    this.#eachColour((samples, masks) => {
      for (const style of ['blur-inside', 'mosaic-inside'] as const) {
        this.#layCells(samples, withStyle(style), style, () => emptyMask(samples), masks(irreversible));
      }
    });
    const alpha = this.#components.find(({ component }) => component === 'alpha');
    if (alpha !== undefined) for (const shape of all) fillShape(alpha, shape, 255);
  }

  hideOutside(placed: readonly Placed[]): void {
    const first = placed[0]?.region;
    const style = first?.style ?? 'solid';
    const paint = paintFor(first?.color ?? black, this.#surface, this.#matrix);
    const shapes = placed.map(({ shape }) => shape);
    for (const samples of this.#components) {
      const hidden = complement(unionMask(shapes, samples, 'inner'));
      if (samples.component === 'alpha') fillMask(samples, hidden, 255);
      else if (style === 'solid' || style === 'outline') fillMask(samples, hidden, paint[samples.component]);
      else {
        const source = reversibleStyles.has(style) ? emptyMask(samples) : hidden;
        this.#lay(samples, wholePatch(style, this.#surface), style, source, (write) => {
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

  /** Visits each colour component with a way to build masks for its grid. */
  #eachColour(visit: (samples: Samples, masks: (shapes: readonly Shape[]) => SpanMask) => void): void {
    for (const samples of this.#components) {
      if (samples.component !== 'alpha') visit(samples, (shapes) => unionMask(shapes, samples));
    }
  }

  #layCells(
    samples: Samples,
    shapes: readonly Shape[],
    style: CellStyle,
    hidden: () => SpanMask,
    spared: SpanMask,
  ): void {
    if (shapes.length === 0) return;
    for (const { patch, shapes: own } of patchesFor(shapes, style, this.#surface)) {
      this.#lay(samples, patch, style, hidden(), (write) => {
        for (const shape of own) {
          const rows = rowsOf(shape, samples);
          for (let y = rows.from; y < rows.to; y++) {
            const span = rowSpan(shape, samples, y);
            eachGap(spared, y, span.from, span.to, (from, to) => write(y, from, to));
          }
        }
      });
    }
  }

  #lay(
    samples: Samples,
    patch: Patch,
    style: CellStyle,
    hidden: SpanMask,
    rows: (write: (y: number, from: number, to: number) => void) => void,
  ): void {
    const neutral = paintFor(grey, this.#surface, this.#matrix)[samples.component];
    const synthesis = synthesize(samples, patch, hidden, neutral);
    if (style === 'blur' || style === 'blur-inside') {
      const writer = new SmoothWriter(samples, synthesis);
      rows((y, from, to) => writer.write(y, from, to));
    } else {
      rows((y, from, to) => writeCells(samples, synthesis, y, from, to));
    }
  }
}
