import { scaled, type PixelBox } from '../../../core/box.ts';
import { boxOnPath } from '../../../core/path.ts';
import type { Seconds } from '../../../core/time.ts';
import { openVideo } from '../../../media/video/index.ts';
import { appearanceOf, meanAppearance } from '../../../vision/follow/appearance.ts';
import { usualMargins } from '../heads.ts';
import type { RedactionPlan } from '../plan.ts';
import type { LooksTask } from '../tasks.ts';
import { pathOf } from './geometry.ts';
import { toHalves } from './similar-halves.ts';

/** What looks like itself from one end of a recording to the other. Heads are parts of persons, text has no clothes. */
const classes: ReadonlySet<string> = new Set(['face', 'person', 'vehicle', 'bag']);
/** Glances at one track. */
const GLANCES = 5;
/** Times this close are of one frame. */
const SAME_FRAME: Seconds = 5e-4;

/** Where and when a track is looked at. */
export interface Glance {
  readonly region: string;
  readonly class: string;
  readonly time: Seconds;
  readonly box: PixelBox;
}

/** A few glances at each track of a plan, evenly spread over its time, in the order of time. */
export function glancesAt({ regions }: Pick<RedactionPlan, 'regions'>): Glance[] {
  return regions
    .filter(({ origin, class: name }) => origin === 'model' && classes.has(name))
    .flatMap((region) => {
      const path = pathOf(region);
      return Array.from({ length: GLANCES }, (_, index): Glance => {
        const time = region.start + ((region.end - region.start) * (index + 1)) / (GLANCES + 1);
        const box = boxOnPath(path, time);
        const [across, down] = usualMargins.face;
        const own = region.class === 'face' ? scaled(box, 1 / across, 1 / down) : box;
        return { region: region.id, class: region.class, time, box: own };
      });
    })
    .toSorted((a, b) => a.time - b.time);
}

/** Looks at tracks, and says by their regions' ids what colours they have. */
export async function lookAtTracks(
  { input, glances }: LooksTask,
  hooks: { readonly signal: AbortSignal; readonly onFrame: (frames: number, at: Seconds) => void },
): Promise<Record<string, string>> {
  const reader = await openVideo(input, { signal: hooks.signal });
  const seen = new Map<string, Float32Array[]>();
  let next = 0;
  for await (const frame of reader.frames({ threads: 1, tolerate: 'blank' })) {
    hooks.onFrame(frame.index + 1, frame.time);
    for (; next < glances.length && glances[next]!.time <= frame.time + SAME_FRAME; next++) {
      const { region, class: name, box } = glances[next]!;
      seen.set(region, [...(seen.get(region) ?? []), appearanceOf(frame, box, name)]);
    }
    if (next === glances.length) break;
  }
  return Object.fromEntries([...seen].map(([region, all]) => [region, toHalves(meanAppearance(all))]));
}
