import { readFile } from 'node:fs/promises';
import type { Seconds } from '../../src/core/time.ts';
import { parsePlan } from '../../src/uses/redaction/plan.ts';
import { RegionTimeline } from '../../src/uses/redaction/timeline.ts';
import type { Mask } from '../../src/uses/redaction/evaluate/coverage.ts';

/** The masks of a rendered plan, by time. */
export interface PlannedMasks {
  readonly masksAt: (time: Seconds) => Mask[];
  /** How many masks of each class are drawn. */
  readonly countsAt: (time: Seconds) => Record<string, number>;
}

export async function plannedMasks(planPath: string): Promise<PlannedMasks> {
  const timeline = new RegionTimeline(parsePlan(await readFile(planPath, 'utf8')));
  return {
    masksAt: (time) => timeline.at(time).map(({ region, box }) => ({ box, shape: region.shape })),
    countsAt: (time) => {
      const counts: Record<string, number> = {};
      for (const { region } of timeline.at(time)) counts[region.class] = (counts[region.class] ?? 0) + 1;
      return counts;
    },
  };
}
