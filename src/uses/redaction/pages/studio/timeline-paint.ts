import type { RedactionPlan, Region } from '../../plan.ts';
import type { ReviewDoubt } from '../../review/doubts.ts';
import { facePictured, paintFace } from './lane-picture.ts';

/** What a part of the timeline shows, in seconds and pixels of the screen. */
export interface TimelineView {
  readonly width: number;
  readonly height: number;
  /** Pixels of the canvas for one of the screen. */
  readonly ratio: number;
  readonly from: number;
  readonly to: number;
  /** Of the lanes. */
  readonly scrolled: number;
}

/** Small pictures along the top. */
export interface Strip {
  readonly sheet: CanvasImageSource;
  readonly tile: { readonly width: number; readonly height: number };
  readonly columns: number;
  /** Seconds. */
  readonly times: readonly number[];
}

export interface Sound {
  readonly peaks: Int8Array;
  /** Peaks a second, and number of the first on the clock of the video. */
  readonly rate: number;
  readonly first: number;
}

export interface TimelineContent {
  readonly plan: RedactionPlan;
  readonly lanes: readonly Region[];
  readonly doubts: readonly ReviewDoubt[];
  readonly time: number;
  readonly selected: string | undefined;
  readonly strip: Strip | undefined;
  readonly sound: Sound | undefined;
  /** Begin of a span of sound that has no end yet. */
  readonly hushFrom: number | undefined;
}

export const laneHeight = 24;
const RULER = 20;
const STRIP = 40;
const WAVE = 36;
/** Keyframes closer than this on the screen are not drawn one by one. */
const KEY_GAP = 5;

/** Pixels above the lanes. */
export function headHeight({ strip, sound }: Pick<TimelineContent, 'strip' | 'sound'>): number {
  return RULER + (strip === undefined ? 0 : STRIP) + (sound === undefined ? 0 : WAVE);
}

export function xOf({ width, from, to }: TimelineView, time: number): number {
  return ((time - from) / (to - from)) * width;
}

export function timeAt({ width, from, to }: TimelineView, x: number): number {
  return from + (x / width) * (to - from);
}

/** Draws the part of the timeline that is seen; what lies outside costs nothing but the asking. */
export function paintTimeline(
  context: CanvasRenderingContext2D,
  view: TimelineView,
  content: TimelineContent,
): void {
  const { width, height, ratio } = view;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = '#15191e';
  context.fillRect(0, 0, width, height);
  const head = headHeight(content);
  paintLanes(context, view, content, head);
  context.fillStyle = '#0d1013';
  context.fillRect(0, 0, width, head);
  paintRuler(context, view);
  if (content.strip !== undefined) paintStrip(context, view, content.strip);
  if (content.sound !== undefined) paintSound(context, view, content, content.sound, head - WAVE);
  paintDoubts(context, view, content, head);
  const x = Math.round(xOf(view, content.time));
  context.fillStyle = '#4fd1ff';
  context.fillRect(x - 1, 0, 2, height);
  context.beginPath();
  context.moveTo(x - 6, 0);
  context.lineTo(x + 6, 0);
  context.lineTo(x, 8);
  context.fill();
}

function paintLanes(
  context: CanvasRenderingContext2D,
  view: TimelineView,
  { plan, lanes, selected, strip }: TimelineContent,
  head: number,
): void {
  const { width, height, scrolled } = view;
  context.font = '600 11px "Source Sans Pro Web", sans-serif';
  context.textBaseline = 'middle';
  const first = Math.max(0, Math.floor(scrolled / laneHeight));
  const last = Math.min(lanes.length, Math.ceil((scrolled + height - head) / laneHeight));
  for (let lane = first; lane < last; lane++) {
    const region = lanes[lane]!;
    const y = head + lane * laneHeight - scrolled;
    if (region.id === selected) {
      context.fillStyle = '#0f3a4d';
      context.fillRect(0, y, width, laneHeight);
    }
    context.fillStyle = '#262d35';
    context.fillRect(0, y + laneHeight - 1, width, 1);
    const from = Math.max(-4, xOf(view, region.start));
    const to = Math.max(from + 4, Math.min(width + 4, xOf(view, region.end)));
    if (to < 0 || from > width) {
      context.fillStyle = '#aab4bf';
      const isBefore = to < 0;
      const text = isBefore ? `◂ ${region.id}` : `${region.id} ▸`;
      context.fillText(text, isBefore ? 4 : width - 4 - context.measureText(text).width, y + laneHeight / 2);
      continue;
    }
    // Covered is filled, left visible is hollow: not by colour alone.
    context.fillStyle = context.strokeStyle = region.redact ? '#ffbe2e' : '#c3ccd6';
    if (region.redact) context.fillRect(from, y + 4, to - from, laneHeight - 9);
    else {
      context.lineWidth = 1.5;
      context.setLineDash([4, 3]);
      context.strokeRect(from + 1, y + 5, Math.max(2, to - from - 2), laneHeight - 11);
      context.setLineDash([]);
    }
    paintKeys(context, view, region, y);
    const name = context.measureText(region.id).width;
    const room = Math.min(width, to) - Math.max(0, from);
    const pictured =
      strip !== undefined && room > facePictured + 8
        ? paintFace(context, strip, {
            region,
            plan,
            x: Math.max(0, from) + 2,
            y: y + 1,
            high: laneHeight - 3,
          })
        : 0;
    const inside = room > name + pictured + 16;
    context.fillStyle = inside && region.redact ? '#1b1b1b' : '#e6ebf0';
    const after = to + 5 + name < width ? to + 5 : Math.max(2, from - name - 6);
    context.fillText(region.id, inside ? Math.max(0, from) + pictured + 7 : after, y + laneHeight / 2);
  }
}

/** Ticks where keyframes are, as long as they can be told apart. */
function paintKeys(
  context: CanvasRenderingContext2D,
  view: TimelineView,
  { keyframes, start, end, redact }: Region,
  y: number,
): void {
  const shown = xOf(view, end) - xOf(view, start);
  if (shown / keyframes.length < KEY_GAP) return;
  context.fillStyle = redact ? '#7a4b00' : '#fff';
  for (const [time] of keyframes) {
    const x = xOf(view, time);
    if (x >= 0 && x <= view.width) context.fillRect(x - 0.5, y + laneHeight - 8, 1.5, 4);
  }
}

function paintRuler(context: CanvasRenderingContext2D, view: TimelineView): void {
  const { from, to, width } = view;
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
  const step = steps.find((one) => (one / (to - from)) * width >= 80) ?? 7200;
  context.font = '11px "Source Sans Pro Web", sans-serif';
  context.textBaseline = 'middle';
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
    const x = xOf(view, time);
    context.fillStyle = '#57626d';
    context.fillRect(x, 12, 1, 8);
    context.fillStyle = '#c3ccd6';
    context.fillText(showClock(time, step < 1 ? 1 : 0), x + 4, 10);
  }
}

/** Hours, minutes and seconds. */
export function showClock(time: number, digits = 3): string {
  const whole = Math.abs(time);
  const seconds = (whole % 60).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, '0');
  const minutes = String(Math.floor(whole / 60) % 60).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  return `${time < 0 ? '-' : ''}${hours > 0 ? `${hours}:` : ''}${minutes}:${seconds}`;
}

function paintStrip(context: CanvasRenderingContext2D, view: TimelineView, strip: Strip): void {
  const { tile, columns, times, sheet } = strip;
  const wide = (STRIP * tile.width) / tile.height;
  for (let x = 0; x < view.width; x += wide) {
    const wanted = timeAt(view, x + wide / 2);
    let nearest = 0;
    times.forEach((time, index) => {
      if (time <= wanted) nearest = index;
    });
    const [column, row] = [nearest % columns, Math.floor(nearest / columns)];
    context.drawImage(
      sheet,
      ...([column * tile.width, row * tile.height, tile.width, tile.height] as const),
      ...([x, RULER, wide - 1, STRIP - 2] as const),
    );
  }
}

function paintSound(
  context: CanvasRenderingContext2D,
  view: TimelineView,
  { plan: { audio }, hushFrom, time }: TimelineContent,
  { peaks, rate, first }: Sound,
  top: number,
): void {
  const middle = top + WAVE / 2;
  context.fillStyle = '#7fb2d6';
  for (let x = 0; x < view.width; x++) {
    const from = Math.floor(timeAt(view, x) * rate) - first;
    const to = Math.max(from + 1, Math.floor(timeAt(view, x + 1) * rate) - first);
    let [low, high] = [0, 0];
    for (let peak = Math.max(0, from); peak < Math.min(to, peaks.length / 2); peak++) {
      low = Math.min(low, peaks[2 * peak] ?? 0);
      high = Math.max(high, peaks[2 * peak + 1] ?? 0);
    }
    const scale = (WAVE / 2 - 3) / 128;
    context.fillRect(x, middle - high * scale, 1, Math.max(1, (high - low) * scale));
  }
  const whole: readonly (readonly [number, number])[] = [[view.from, view.to]];
  const spans = audio.mode === 'spans' ? audio.spans : audio.mode === 'keep' ? [] : whole;
  const open: readonly (readonly [number, number])[] =
    hushFrom === undefined ? [] : [[Math.min(hushFrom, time), Math.max(hushFrom, time)]];
  for (const [start, end] of [...spans, ...open]) {
    const [from, to] = [xOf(view, start), xOf(view, end)];
    context.fillStyle = '#d5430966';
    context.fillRect(from, top + 2, Math.max(2, to - from), WAVE - 4);
    context.fillStyle = '#fff';
    const says = audio.mode === 'spans' && audio.style === 'bleep' ? 'BLEEP' : 'MUTE';
    if (to - from > 44) context.fillText(says, Math.max(0, from) + 6, middle);
  }
}

function paintDoubts(
  context: CanvasRenderingContext2D,
  view: TimelineView,
  { doubts, lanes }: TimelineContent,
  head: number,
): void {
  const laneOf = new Map(lanes.map(({ id }, lane) => [id, lane]));
  for (const { region, start, verdict } of doubts) {
    if (verdict !== 'open') continue;
    const x = xOf(view, start);
    if (x < -8 || x > view.width + 8) continue;
    diamond(context, x, RULER - 5);
    const lane = laneOf.get(region);
    const y = head + (lane ?? -9) * laneHeight - view.scrolled + laneHeight / 2;
    if (lane !== undefined && y > head) diamond(context, x, y);
  }
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x, y - 6);
  context.lineTo(x + 6, y);
  context.lineTo(x, y + 6);
  context.lineTo(x - 6, y);
  context.closePath();
  context.fillStyle = '#ff5f85';
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = '#fff';
  context.stroke();
}
