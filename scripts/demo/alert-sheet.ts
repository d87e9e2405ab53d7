import sharp, { type OverlayOptions } from 'sharp';
import { labelFont } from '../../src/media/draw/font.ts';
import { textInk } from '../../src/report/text-ink.ts';
import { iou } from '../../src/core/box.ts';
import type { Scene } from '../../src/scenes/scene.ts';
import type { Alert } from '../../src/uses/watch/alert.ts';
import { readFrames } from './frames.ts';

/** What the alerts of a clip are drawn from. */
export interface AlertSheet {
  readonly clip: string;
  /** What the clip shows. */
  readonly scene: Scene;
  readonly alerts: readonly Alert[];
  /** Shares of the picture. */
  readonly zone: readonly (readonly [x: number, y: number])[];
}

/** Pixels between pictures, and of a caption with the space around it. */
const [gap, captionRow, captionText] = [16, 44, 24];
/** Seconds before the alert of the picture at the left. */
const earlier = 2;

/** A row for each alert: the yard before, and when the rule fired, with the zone and the box that the detector saw. @returns a PNG. */
export async function alertSheet({ clip, scene, alerts, zone }: AlertSheet): Promise<Buffer> {
  const numbers = alerts.map((alert) => {
    const frame = frameOf(alert, scene);
    return [Math.max(0, frame - earlier * scene.fps), frame];
  });
  const frames = await readFrames(clip, numbers.flat());
  const { width, height } = frames.values().next().value!;
  const font = labelFont();
  const parts: OverlayOptions[] = [];
  for (const [row, alert] of alerts.entries()) {
    const top = gap + row * (height + captionRow);
    for (const [column, number] of numbers[row]!.entries()) {
      const place = { left: gap + column * (width + gap), top };
      parts.push({
        ...place,
        input: Buffer.from(frames.get(number)!.data),
        raw: { width, height, channels: 3 },
      });
      const lines = overlay(column === 0 ? undefined : alert, zone, { width, height });
      parts.push({ ...place, input: Buffer.from(lines) });
      const words = column === 0 ? `${earlier} s before` : `${alert.severity}: ${alert.reason.text}`;
      const ink = await textInk(font, words, captionText);
      const size = { width: ink.width, height: ink.height, channels: 1 as const };
      const input = await sharp(ink.data, { raw: size }).negate().png().toBuffer();
      parts.push({ left: place.left, top: top + height + gap / 2, input });
    }
  }
  const sheet = { width: 2 * width + 3 * gap, height: gap + alerts.length * (height + captionRow) };
  return sharp({ create: { ...sheet, channels: 3, background: '#fff' } })
    .composite(parts)
    .png()
    .toBuffer();
}

/**
 * Of the frames within two seconds the one in which somebody is where the alert says: the stream time of a camera begins when
 * its first picture has arrived, a moment later than its clip.
 */
function frameOf({ time, box }: Alert, scene: Scene): number {
  const near = scene.times.flatMap((at, frame) => (Math.abs(at - time) <= 2 ? [frame] : []));
  const fit = (frame: number): number => {
    const people = scene.truth(frame).filter((thing) => thing.class === 'person');
    return Math.max(0, ...people.map((person) => iou(person.box, box)));
  };
  return near.reduce((best, frame) => (fit(frame) > fit(best) ? frame : best));
}

function overlay(
  alert: Alert | undefined,
  zone: AlertSheet['zone'],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const corners = zone.map(([x, y]) => `${x * width},${y * height}`).join(' ');
  const outline = `<polygon points="${corners}" fill="none" stroke="#5bd1ff" stroke-width="2" stroke-dasharray="10 6"/>`;
  const { box, picture } = alert ?? {};
  const seen =
    box === undefined || picture === undefined
      ? ''
      : `<g transform="scale(${width / picture.width})"><rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="none" stroke="#ff5a3c" stroke-width="3"/></g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${outline}${seen}</svg>`;
}
