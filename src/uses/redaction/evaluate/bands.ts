import type { EvaluatedClass, Sighting } from './sightings.ts';

/** A part of the sightings that gets a row of its own. */
export interface Band {
  readonly name: string;
  has(sighting: Sighting): boolean;
}

/**
 * What a viewer can make out: at most a quarter hidden or beyond the edge, and smeared by motion over at most a quarter
 * of its height. Only this counts; the rest is printed apart.
 */
export const MOST_HIDDEN = 0.25;
export const MOST_BLUR = 0.25;

export function discernible({ hidden, blur }: Sighting): boolean {
  return hidden <= MOST_HIDDEN && blur <= MOST_BLUR;
}

/** The smallest thing that the goals are about, in pixels: height, and width of plates. */
export const smallest: Readonly<Record<EvaluatedClass, number>> = {
  face: 24,
  head: 24,
  plate: 60,
  screen: 0,
  text: 12,
  mrz: 12,
  'container-number': 12,
  contact: 12,
  code: 0,
};

/** Lower ends of the bands of size of a class. */
const sizes: Readonly<Partial<Record<EvaluatedClass, readonly number[]>>> = {
  face: [14, 24, 32, 48, 96],
  head: [14, 24, 32, 48, 96],
  plate: [40, 60, 100, 160],
  text: [9, 12, 16, 24],
};

export function sizeBands(name: EvaluatedClass): Band[] {
  const ends = sizes[name] ?? [];
  return ends.map((from, index) => between(`${from}`, from, ends[index + 1], ({ pixels }) => pixels));
}

/** What may make a thing hard to find, apart from its size. */
export function conditionBands(name: EvaluatedClass): Band[] {
  const views: Band[] =
    name === 'face'
      ? (['front', 'turned', 'profile', 'down'] as const).map((view) => ({
          name: `seen ${view}`,
          has: (sighting) => sighting.view === view,
        }))
      : [];
  return [
    ...views,
    between('turned 0 degrees', 0, 5, ({ turn }) => turn),
    between('turned 5 degrees', 5, 15, ({ turn }) => turn),
    between('turned 15 degrees', 15, undefined, ({ turn }) => turn),
    between('light 0.4', 0, 0.7, ({ light }) => light),
    between('light 0.7', 0.7, 1.1, ({ light }) => light),
    between('light 1.1', 1.1, undefined, ({ light }) => light),
    between('smeared 0', 0, 0.05, ({ blur }) => blur),
    between('smeared 0.05', 0.05, undefined, ({ blur }) => blur),
    between('hidden 0', 0, 0.02, ({ hidden }) => hidden),
    between('hidden 0.02', 0.02, undefined, ({ hidden }) => hidden),
  ];
}

function between(
  name: string,
  from: number,
  to: number | undefined,
  value: (sighting: Sighting) => number,
): Band {
  const shown = name.replace(/[\d.]+/, (number) =>
    to === undefined ? `${number} and more` : `${number} to ${to}`,
  );
  return { name: shown, has: (sighting) => value(sighting) >= from && value(sighting) < (to ?? Infinity) };
}
