import { placeNames, type Named } from './names.ts';

/** Writes names, light on dark as the masks are. @returns what was written, for those who do not see it. */
export function paintNames(
  context: CanvasRenderingContext2D,
  regions: readonly Named[],
  { within, ratio }: { readonly within: boolean; readonly ratio: number },
): string {
  const { width, height } = context.canvas;
  context.font = `600 ${12 * ratio}px "Source Sans Pro Web", sans-serif`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const written = placeNames(regions, {
    ...{ within, high: 15 * ratio, room: { width, height } },
    wide: (text) => context.measureText(text).width + 6 * ratio,
  });
  for (const { text, box } of written) {
    context.fillStyle = '#000c';
    context.fillRect(box.x, box.y, box.width, box.height);
    context.fillStyle = '#ffe08a';
    context.fillText(text, box.x + 3 * ratio, box.y + box.height / 2);
  }
  return written.map(({ text }) => text).join(' ');
}
