import type { Interval } from '../../../stats/index.ts';
import { smallest } from './bands.ts';
import type { Evaluation } from './evaluate.ts';
import type { ClassScore, Leak, OverRedaction, Share } from './score.ts';
import type { EvaluatedClass } from './sightings.ts';

const titles: Readonly<Record<EvaluatedClass, string>> = {
  face: 'faces',
  head: 'heads of persons turned away',
  plate: 'plates',
  text: 'lines of text',
  mrz: 'lines of passports',
  'container-number': 'container numbers',
  contact: 'card, e-mail and telephone numbers',
  screen: 'screens',
  code: 'QR and bar codes',
};

/** A table for people: its head and its rows. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What an evaluation found, as tables. Every one of them says that it is simulated. */
export function evaluationTables(evaluation: Evaluation): Table[] {
  const { name, classes, clips, frames } = evaluation;
  const title = `${name}, simulated, ${clips} clips, ${frames} frames`;
  return [
    { title: `${title}: what was covered`, head: classHead, rows: classes.map(classRow) },
    ...classes.map((score) => bandTable(title, score)),
    { title: `${title}: what was covered in vain`, head: ['masks of', 'over'], rows: overRows(evaluation) },
  ];
}

const classHead = ['class', 'frames covered', 'n', 'of', 'things exposed', 'bound', 'longest run'];

function classRow({ class: name, recall, leak }: ClassScore): string[] {
  const limit = smallest[name];
  const size = limit === 0 ? '' : ` >= ${limit} px`;
  return [
    `${titles[name]}${size}`,
    shown(recall),
    String(recall.sightings),
    cluster(name, recall),
    exposed(leak),
    bound(leak),
    `${leak.longestRun} frames`,
  ];
}

function bandTable(title: string, { class: name, bySize, byCondition, beyond }: ClassScore): Table {
  const rows = [...bySize.map((band) => ({ ...band, band: `${band.band} px` })), ...byCondition];
  return {
    title: `${title}: ${titles[name]}`,
    head: ['part', 'frames covered', 'n', 'of'],
    rows: [
      ...rows.map((row) => [row.band, shown(row), String(row.sightings), cluster(name, row)]),
      ...(beyond.sightings === 0
        ? []
        : [
            [
              'not counted: more hidden or smeared',
              shown(beyond),
              String(beyond.sightings),
              cluster(name, beyond),
            ],
          ]),
    ],
  };
}

function overRows({ overPeople, overWriting }: Evaluation): string[][] {
  return [
    ...(overPeople === undefined ? [] : [['faces and heads', over(overPeople)]]),
    ...(overWriting === undefined ? [] : [['text, plates and codes', over(overWriting)]]),
  ];
}

export function shown({ covered, sightings, interval }: Share): string {
  return sightings === 0 ? '-' : `${(covered / sightings).toFixed(4)} (${range(interval, 3)})`;
}

export function over({ ratio, interval, clips }: OverRedaction): string {
  const sure = interval === undefined ? '' : ` (${range(interval, 2)})`;
  return `${ratio.toFixed(2)}${sure}, n ${clips} clips`;
}

export function exposed({ exposed: count, tracks }: Leak): string {
  return `${count} of ${tracks}`;
}

export function bound({ upper }: Leak): string {
  return `<= ${(100 * upper).toFixed(1)} %`;
}

function cluster(name: EvaluatedClass, { clusters }: Share): string {
  return `${clusters} ${name === 'face' ? 'people' : 'clips'}`;
}

function range({ low, high }: Interval, digits: number): string {
  return `${low.toFixed(digits)}-${high.toFixed(digits)}`;
}
