import type { Seconds } from '../../../core/time.ts';
import type { Surface } from '../../../media/surface.ts';
import type { RedactionPlan } from '../plan.ts';
import type { PlacedRegion } from '../timeline.ts';
import { testSolidFills } from './solid-fill.ts';
import { SyntheticFills } from './synthetic-fill.ts';

/** Where and when a region's fill was missing. */
export interface MissingFill {
  readonly place: PlacedRegion;
  readonly start: Seconds;
  end: Seconds;
  frames: number;
}

/**
 * Looks, frame after frame, whether each region holds the fill that its style says. Outlines and styles that are made
 * of what they cover have none that could be told.
 */
export class FillCheck {
  readonly #plan: RedactionPlan;
  readonly #synthetic: SyntheticFills;
  /** Spans of frames in which a fill was missing; the last one of each region may still go on. */
  readonly #missing = new Map<string, MissingFill[]>();
  readonly #edges: ReadonlySet<number>;
  #open = new Set<string>();
  #tested = 0;
  #failed = 0;

  constructor(plan: RedactionPlan) {
    this.#plan = plan;
    this.#synthetic = new SyntheticFills(plan);
    this.#edges = plan.output.container === 'mkv' ? edgesOf(plan) : new Set();
  }

  /** Looks at the next frame. */
  look(surface: Surface, placed: readonly PlacedRegion[], time: Seconds): void {
    if (this.#isBetween(time)) return;
    const solid = testSolidFills(surface, this.#plan, placed);
    const synthetic = this.#synthetic.test(surface, placed);
    this.#tested += solid.tested.length + synthetic.tested.length;
    const open = new Set<string>();
    for (const place of [...solid.missing, ...synthetic.missing]) {
      this.#failed += 1;
      open.add(place.region.id);
      this.#note(place, time);
    }
    this.#open = open;
  }

  /** MKV rounds times: whether a region that begins or ends in this millisecond was drawn cannot be told. */
  #isBetween(time: Seconds): boolean {
    const near = Math.round(time * 1000);
    return [near - 1, near, near + 1].some((millisecond) => this.#edges.has(millisecond));
  }

  #note(place: PlacedRegion, time: Seconds): void {
    const { id } = place.region;
    const spans = this.#missing.get(id) ?? [];
    const last = spans.at(-1);
    if (last !== undefined && this.#open.has(id)) {
      last.end = time;
      last.frames += 1;
    } else {
      spans.push({ place, start: time, end: time, frames: 1 });
      this.#missing.set(id, spans);
    }
  }

  /** Regions times frames that were tested, and those that did not hold. */
  get counts(): { readonly tested: number; readonly missing: number } {
    return { tested: this.#tested, missing: this.#failed };
  }

  get missing(): readonly MissingFill[] {
    return [...this.#missing.values()].flat();
  }
}

/** The milliseconds in which something in a plan begins or ends to be drawn. */
function edgesOf({ regions, limits }: RedactionPlan): Set<number> {
  const times = [...regions.flatMap(({ start, end }) => [start, end]), ...(limits.spans ?? []).flat()];
  return new Set(times.map((time) => Math.round(time * 1000)));
}
