import { area, intersection, type PixelBox } from '../../core/box.ts';
import { boxOnPath, type TimedBox } from '../../core/path.ts';
import type { Seconds } from '../../core/time.ts';
import type { RedactionPlan, Region } from './plan.ts';

/**
 * Half the shortest distance between two frames that is told apart. Times in a plan are written with microseconds, so
 * a frame that lies exactly on the edge of a span must not fall out of it by rounding.
 */
const TIME_TOLERANCE: Seconds = 1e-4;

/** A region and where it is at one moment. */
export interface PlacedRegion {
  readonly region: Region;
  readonly box: PixelBox;
}

/** A region that is on the picture now, with its path made ready for asking. */
interface ActiveRegion {
  readonly region: Region;
  readonly path: readonly TimedBox[];
}

function activate(region: Region): ActiveRegion {
  const path = region.keyframes.map(([time, x, y, width, height]) => ({
    time,
    box: { x, y, width, height },
  }));
  return { region, path };
}

/** Answers which regions of a plan are drawn at a moment. Made for asking in the order of time; any order is right. */
export class RegionTimeline {
  readonly #byStart: readonly Region[];
  readonly #plan: RedactionPlan;
  #next = 0;
  #active: ActiveRegion[] = [];
  #last = Number.NEGATIVE_INFINITY;

  constructor(plan: RedactionPlan) {
    this.#plan = plan;
    this.#byStart = plan.regions.filter((region) => region.redact).sort((a, b) => a.start - b.start);
  }

  at(time: Seconds): PlacedRegion[] {
    if (time < this.#last) {
      this.#next = 0;
      this.#active = [];
    }
    this.#last = time;
    for (
      let region = this.#byStart[this.#next];
      region !== undefined && region.start <= time + TIME_TOLERANCE;
      region = this.#byStart[this.#next]
    ) {
      this.#active.push(activate(region));
      this.#next += 1;
    }
    this.#active = this.#active.filter(({ region }) => region.end >= time - TIME_TOLERANCE);
    if (!this.#counts(time)) return [];
    const placed: PlacedRegion[] = [];
    for (const { region, path } of this.#active) {
      const box = boxOnPath(path, time);
      if (this.#inZone(box)) placed.push({ region, box });
    }
    return placed;
  }

  #counts(time: Seconds): boolean {
    const spans = this.#plan.limits.spans;
    if (spans === undefined) return true;
    return spans.some(([start, end]) => time >= start - TIME_TOLERANCE && time <= end + TIME_TOLERANCE);
  }

  /** A region that only touches a zone is drawn whole: what is half inside is not half private. */
  #inZone(box: PixelBox): boolean {
    const zones = this.#plan.limits.zones;
    if (zones === undefined) return true;
    return zones.some(([x, y, width, height]) => area(intersection(box, { x, y, width, height })) > 0);
  }
}
