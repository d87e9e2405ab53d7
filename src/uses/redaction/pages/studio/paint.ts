import type { PixelBox, Size } from '../../../../core/box.ts';
import { Canvas } from '../../../../media/draw/canvas.ts';
import { storedShape, type DrawnRegion, type Rgb } from '../../../../media/draw/region.ts';
import { withSamples } from '../../../../media/draw/samples.ts';
import { upright, type RgbSurface } from '../../../../media/surface.ts';
import { labelsOf } from '../../labels.ts';
import type { RedactionPlan, Region } from '../../plan.ts';
import type { Placed } from './placed.ts';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const black: Rgb = { r: 0, g: 0, b: 0 };
const yellow: Rgb = { r: 255, g: 214, b: 10 };

/**
 * Covers on a canvas what the renderer covers in the file. Edges go outwards to whole pixels of the source as they do
 * there, and then to whole pixels of the canvas, which may be smaller: what is shown is never less than what is hidden.
 * @param source the picture in whose pixels regions are given; the canvas shows all of it.
 */
export function paintCovered(
  context: Context,
  plan: Pick<RedactionPlan, 'keepOnly'>,
  placed: readonly Placed[],
  source: Size,
): void {
  const { width, height } = context.canvas;
  const drawn = placed
    .filter(({ covered }) => covered)
    .map(({ region, box }) => ({ region, box: onCanvas(box, source, { width, height }) }));
  const hiding = drawn.filter(({ region }) => region.style !== 'outline');
  const isPlain = plan.keepOnly === undefined && hiding.every(({ region }) => region.style === 'solid');
  if (isPlain) for (const { region, box } of hiding) fill(context, region, box);
  else paintAsRendered(context, plan, hiding, source);
  for (const { region, box } of drawn) if (region.style === 'outline') outline(context, region, box);
  labels(context, drawn);
}

/** The box outwards to whole pixels of the source, then of the canvas. */
function onCanvas({ x, y, width, height }: PixelBox, source: Size, canvas: Size): PixelBox {
  const across = canvas.width / source.width;
  const down = canvas.height / source.height;
  const left = Math.floor(Math.floor(x) * across + 1e-6);
  const top = Math.floor(Math.floor(y) * down + 1e-6);
  const right = Math.ceil(Math.ceil(x + width) * across - 1e-6);
  const bottom = Math.ceil(Math.ceil(y + height) * down - 1e-6);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function fill(context: Context, { color, shape }: Region, { x, y, width, height }: PixelBox): void {
  context.fillStyle = `rgb(${(color ?? [0, 0, 0]).join(' ')})`;
  if (shape === 'box') return context.fillRect(x, y, width, height);
  context.beginPath();
  context.ellipse(x + width / 2, y + height / 2, width / 2 + 0.7, height / 2 + 0.7, 0, 0, 2 * Math.PI);
  context.fill();
}

/** Blur and mosaic are made of what lies around them, by the code that makes them in the file. */
function paintAsRendered(
  context: Context,
  { keepOnly }: Pick<RedactionPlan, 'keepOnly'>,
  hiding: readonly { readonly region: Region; readonly box: PixelBox }[],
  source: Size,
): void {
  const { width, height } = context.canvas;
  const image = context.getImageData(0, 0, width, height);
  const surface: RgbSurface = {
    ...{ kind: 'rgb', width, height, channels: 4, orientation: upright },
    data: new Uint8Array(image.data.buffer),
  };
  const placed = (region: DrawnRegion) => ({ region, shape: storedShape(region, surface, upright) });
  withSamples(surface, (components) => {
    const canvas = new Canvas(surface, components, 'bt709');
    canvas.hide(
      hiding.map(({ region: { shape, style, color }, box }) =>
        placed({ box, shape, style, color: color === undefined ? black : rgb(color) }),
      ),
    );
    if (keepOnly === undefined) return;
    const windows = keepOnly.boxes.map(([x, y, w, h]) => {
      const box = { x, y, width: w, height: h };
      return placed({ box: onCanvas(box, source, surface), shape: 'box', style: keepOnly.style });
    });
    canvas.hideOutside(windows);
  });
  context.putImageData(image, 0, 0);
}

function rgb([r, g, b]: readonly [number, number, number]): Rgb {
  return { r, g, b };
}

function outline(context: Context, { color }: Region, { x, y, width, height }: PixelBox): void {
  const { r, g, b } = color === undefined ? yellow : rgb(color);
  context.strokeStyle = `rgb(${r} ${g} ${b})`;
  context.lineWidth = 2;
  context.strokeRect(x + 1, y + 1, width - 2, height - 2);
}

/** Codes on masks, where there is room; the letters of the file are drawn in another size. */
function labels(
  context: Context,
  drawn: readonly { readonly region: Region; readonly box: PixelBox }[],
): void {
  context.fillStyle = '#fff';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const texts = labelsOf(drawn, ({ box }, length) => {
    const size = letterSize(box, length);
    const width = 0.62 * length * size;
    const [x, y] = [box.x + (box.width - width) / 2, box.y + (box.height - size) / 2];
    return size < 7 ? undefined : { x, y, width, height: size };
  });
  for (const [{ box }, text] of texts) {
    context.font = `bold ${letterSize(box, text.length)}px "Roboto Mono Web", monospace`;
    context.fillText(text, box.x + box.width / 2, box.y + box.height / 2);
  }
}

function letterSize({ width, height }: PixelBox, length: number): number {
  return Math.min(height * 0.4, (width * 0.9) / (0.62 * Math.max(1, length)), 28);
}
