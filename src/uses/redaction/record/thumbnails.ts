import type { PixelSource } from '../../../core/observation.ts';
import { formatTime, type Seconds } from '../../../core/time.ts';
import { encodeJpeg } from '../../../media/picture/index.ts';
import type { RedactionPlan } from '../plan.ts';
import { RegionTimeline } from '../timeline.ts';
import type { RecordThumbnail } from './pdf.ts';

const MOST = 12;
const WIDTH = 480;

/** Takes small pictures of the moments of an output that show most of what was covered, as its frames go by. */
export class Thumbnails {
  readonly taken: RecordThumbnail[] = [];
  readonly #timeline: RegionTimeline;
  readonly #times: Seconds[];
  readonly #isVideo: boolean;

  constructor(plan: RedactionPlan) {
    this.#timeline = new RegionTimeline(plan);
    this.#times = tellingTimes(plan, MOST);
    this.#isVideo = plan.source.kind === 'video';
  }

  /** Looks at a frame; frames come in the order of time. */
  async look(source: PixelSource, time: Seconds): Promise<void> {
    const next = this.#times[0];
    if (next === undefined || time < next) return;
    while (this.#times[0] !== undefined && this.#times[0] <= time) this.#times.shift();
    const width = Math.min(WIDTH, source.width);
    const height = Math.max(1, Math.round((source.height * width) / source.width));
    const data = new Uint8Array(width * height * 3);
    source.readRgb({ x: 0, y: 0, width: source.width, height: source.height }, width, height, data);
    this.taken.push({
      time,
      jpeg: await encodeJpeg({ width, height, data }, { quality: 80 }),
      alt: this.#describe(time),
    });
  }

  #describe(time: Seconds): string {
    const counts = new Map<string, number>();
    for (const { region } of this.#timeline.at(time))
      counts.set(region.class, (counts.get(region.class) ?? 0) + 1);
    const parts = [...counts].map(([name, count]) => `${count} ${name}`);
    const what = parts.length === 0 ? 'nothing covered' : `covered: ${parts.join(', ')}`;
    return this.#isVideo ? `Frame at ${formatTime(time)}, ${what}` : `The picture, ${what}`;
  }
}

/**
 * Moments that show as many different covered regions as so few can, greedily, in the order of time; the first moment
 * of the source when nothing is covered.
 */
export function tellingTimes(plan: RedactionPlan, most: number): Seconds[] {
  const covered = plan.regions.filter(({ redact }) => redact);
  let left = covered.toSorted((a, b) => a.start - b.start);
  const times: Seconds[] = [];
  while (left.length > 0 && times.length < most) {
    const time = busiestTime(left);
    times.push(time);
    left = left.filter(({ start, end }) => start > time || end < time);
  }
  return times.length === 0 ? [-Infinity] : times.sort((a, b) => a - b);
}

/** A moment at which most of the regions are there: the middle of such a stretch. */
function busiestTime(regions: readonly { start: Seconds; end: Seconds }[]): Seconds {
  const events = regions
    .flatMap(({ start, end }) => [
      { time: start, step: 1 },
      { time: end, step: -1 },
    ])
    .sort((a, b) => a.time - b.time || b.step - a.step);
  let count = 0;
  let best = { count: 0, time: 0 };
  for (const [index, { time, step }] of events.entries()) {
    count += step;
    if (count > best.count) best = { count, time: (time + (events[index + 1]?.time ?? time)) / 2 };
  }
  return best.time;
}
