import type { ScatterPlot } from '../../../report/scatter.ts';
import type { Evaluation } from './evaluate.ts';
import { smallest } from './bands.ts';

/** One profile on the plot: what it costs with everything that is counted, and what it covers. */
export interface Costed {
  readonly evaluation: Evaluation;
  /** Processor seconds per frame. */
  readonly cpuPerFrame: number;
}

/** What a profile must reach. */
export interface Goal {
  readonly name: string;
  readonly cpuPerFrame: number;
  readonly recall: number;
}

/**
 * Cost against frame recall of faces, labelled with what is covered in vain.
 * @param cost what the cost holds, for the title of its axis. @returns undefined without faces.
 */
export function paretoPlot(
  costed: readonly Costed[],
  cost: string,
  goals: readonly Goal[] = [],
): ScatterPlot | undefined {
  const points = costed.flatMap(({ evaluation, cpuPerFrame }) => {
    const faces = evaluation.classes.find((score) => score.class === 'face');
    if (faces === undefined || faces.recall.sightings === 0) return [];
    const { covered, sightings, interval } = faces.recall;
    const label = `${evaluation.name}, over ${evaluation.overPeople?.ratio.toFixed(1) ?? '-'}`;
    return [{ label, x: cpuPerFrame, y: covered / sightings, n: sightings, ...interval }];
  });
  if (points.length === 0) return undefined;
  const limits = goals.map(({ name, cpuPerFrame, recall }) => ({
    label: `goal of ${name}`,
    x: cpuPerFrame,
    y: recall,
    limit: true,
  }));
  const all = [...points, ...limits];
  const lowest = Math.min(...points.map(({ low }) => low), ...all.map(({ y }) => y));
  const { clips } = costed[0]!.evaluation;
  const counts = [...new Set(points.map(({ n }) => n))].join(', ');
  return {
    title: 'Profiles: cost and frame recall of faces',
    note: `Simulated: ${clips} clips, n ${counts} faces in frames, bars are 95 % intervals over people`,
    x: {
      title: `processor seconds per frame of 1280 x 720 (${cost})`,
      from: 0,
      to: 1.15 * Math.max(...all.map(({ x }) => x)),
      show: (value) => value.toFixed(3),
    },
    y: {
      title: `faces of ${smallest.face} pixels and more covered to 95 %, share of frames`,
      from: Math.max(0, Math.floor(lowest * 20) / 20),
      to: 1,
      show: (value) => value.toFixed(3),
    },
    points: all.map(({ label, x, y, ...rest }) => ({ label, x, y, ...rest })),
  };
}
