import { over, shown } from '../../src/uses/redaction/evaluate/table.ts';
import type { ClassScore } from '../../src/uses/redaction/evaluate/score.ts';
import type { Costed } from '../../src/uses/redaction/evaluate/pareto.ts';
import type { EvaluatedClass } from '../../src/uses/redaction/evaluate/sightings.ts';
import type { Scale } from './reference.ts';
import { verdict } from './table.ts';

/** What a profile must reach: shares of frames, areas of truth, processor seconds per frame where goals were set. */
interface RecallGoal {
  readonly name: string;
  readonly faces: { readonly recall: number; readonly cpuPerFrame: number; readonly over: number };
  /** Share of frames for other classes. */
  readonly classes?: Readonly<Partial<Record<EvaluatedClass, number>>>;
  /** Upper 95 % bound of the share of exposed faces, and the most frames in a row. */
  readonly leak?: { readonly upper: number; readonly run: number };
}

const writing = { text: 0.99, 'container-number': 0.98, plate: 0.99 } as const;

export const recallGoals: readonly RecallGoal[] = [
  { name: 'fast', faces: { recall: 0.92, cpuPerFrame: 0.038, over: 1.8 } },
  { name: 'standard', faces: { recall: 0.97, cpuPerFrame: 0.054, over: 2 }, classes: writing },
  {
    name: 'thorough',
    faces: { recall: 0.995, cpuPerFrame: 0.11, over: 3.5 },
    classes: writing,
    leak: { upper: 0.03, run: 2 },
  },
];

/** What was measured beside its goal, a row for each. */
export function goalRows({ evaluation, cpuPerFrame }: Costed, scale: Scale): string[][] {
  const goal = recallGoals.find(({ name }) => name === evaluation.name);
  if (goal === undefined) return [];
  const row = (measure: string, value: string, limit: string, kept: boolean): string[] => [
    goal.name,
    measure,
    value,
    limit,
    verdict(kept),
  ];
  const recall = (score: ClassScore, least: number): string[] => {
    const { covered, sightings } = score.recall;
    const n = `n ${sightings} in ${score.leak.tracks} things`;
    return row(
      `${score.class}, frames`,
      `${shown(score.recall)}, ${n}`,
      `>= ${least}`,
      covered >= least * sightings,
    );
  };
  const find = (name: EvaluatedClass): ClassScore | undefined =>
    evaluation.classes.find((score) => score.class === name && score.recall.sightings > 0);
  const faces = find('face');
  const limit = scale.cpu(goal.faces.cpuPerFrame);
  const { overPeople } = evaluation;
  return [
    ...(faces === undefined ? [] : [recall(faces, goal.faces.recall)]),
    row('CPU-s per frame', cpuPerFrame.toFixed(4), `<= ${limit.toFixed(4)}`, cpuPerFrame <= limit),
    ...(overPeople === undefined
      ? []
      : [
          row(
            'over, faces and heads',
            over(overPeople),
            `<= ${goal.faces.over}`,
            overPeople.ratio <= goal.faces.over,
          ),
        ]),
    ...Object.entries(goal.classes ?? {}).flatMap(([name, least]) => {
      const score = find(name as EvaluatedClass);
      return score === undefined ? [] : [recall(score, least)];
    }),
    ...(faces === undefined || goal.leak === undefined ? [] : leakRows(faces, goal.leak, row)),
  ];
}

function leakRows(
  { leak }: ClassScore,
  { upper, run }: { readonly upper: number; readonly run: number },
  row: (measure: string, value: string, limit: string, kept: boolean) => string[],
): string[][] {
  const share = `${leak.exposed} of ${leak.tracks}, <= ${(100 * leak.upper).toFixed(1)} %`;
  return [
    row('faces with an exposed frame, upper 95 % bound', share, `<= ${100 * upper} %`, leak.upper <= upper),
    row('longest exposed run, frames', String(leak.longestRun), `<= ${run}`, leak.longestRun <= run),
  ];
}
