import { TidewaiterError } from '../../core/errors.ts';
import type { Surface } from '../surface.ts';
import { Canvas, type Placed } from './canvas.ts';
import { assumedMatrix, paintFor, type Matrix } from './colour.ts';
import { drawLabel } from './label.ts';
import { drawOutline } from './outline.ts';
import { storedShape, type DrawnRegion, type Rgb, type Style } from './region.ts';
import { withSamples } from './samples.ts';

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
const yellow: Rgb = { r: 255, g: 214, b: 10 };

/**
 * Draws regions on a picture, in place. Every sample that a region touches is covered: a chroma sample as soon as one
 * luma pixel it serves is. Where regions overlap, irreversible styles win over reversible ones and `solid` over all.
 * On pictures with alpha, what is hidden becomes opaque. Outlines hide nothing and come last, but for labels.
 * @throws TidewaiterError `E_REGION` for a region that is not understood; nothing has been drawn then, and the picture
 *   must not be shown.
 */
export function drawRegions(
  surface: Surface,
  regions: readonly DrawnRegion[],
  options: DrawOptions = {},
): void {
  const placed = regions.map((region) => place(region, surface));
  if (placed.length === 0 && options.inverted !== true) return;
  const matrix = options.matrix ?? assumedMatrix(surface);
  const hiding = placed.filter(({ region }) => region.style !== 'outline');
  withSamples(surface, (components) => {
    const canvas = new Canvas(surface, components, matrix);
    if (options.inverted === true) canvas.hideOutside(hiding);
    else canvas.hide(hiding);
    const dark = paintFor(black, surface, matrix);
    for (const { region, shape } of placed) {
      if (region.style !== 'outline') continue;
      drawOutline(components, shape, paintFor(region.color ?? yellow, surface, matrix), dark);
    }
    if (options.inverted === true) return;
    for (const { region } of placed) {
      if (region.label !== undefined) drawLabel(surface, components, region, region.label);
    }
  });
}

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
