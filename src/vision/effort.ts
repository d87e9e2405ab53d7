import type { TwoWayOptions } from './track/two-way.ts';

/** How hard a scene is looked at. */
export type Effort = 'fast' | 'standard' | 'thorough';

/** How what was seen becomes tracks when a track that is missed costs more than one too many. */
export const cautiousTracking: Partial<TwoWayOptions> = {
  highScore: 0.5,
  birthScore: 0.6,
  minDetections: 3,
  minBestScore: 0.5,
};

/** Faces are looked for in small crops, which give single false ones; a face that is there is seen again. */
export const cautiousFaces: Partial<TwoWayOptions> = { minDetections: 2, minBestScore: 0.7, buffer: 1 };

/** What one effort runs, and how often. Costs are in docs/benchmarks.md. */
export interface EffortSettings {
  /** Objects and faces are looked for in every k-th frame, in the first and last one, and after each cut. */
  readonly every: number;
  /** Overlapping upright tiles in which people and vehicles are looked for besides the full frame. */
  readonly objectTiles: number;
  /**
   * Look again, in mosaics of enlarged crops, at everything that scores at least `candidate` as a person, so that weak
   * candidates are settled and boxes become exact; `grid` x `grid` crops to a mosaic. What it gains is in
   * docs/benchmarks.md.
   */
  readonly refinePersons: { readonly candidate: number; readonly grid: number } | false;
  /**
   * Height of the overlapping tiles in which small faces are looked for, as a share of its shorter side; large ones
   * are found in the full frame, turned ones on the heads of persons.
   */
  readonly faceTile: number | false;
  /** Lowest score of an object or a face that is kept as evidence for a track. */
  readonly objectThreshold: number;
  readonly faceThreshold: number;
  readonly smallFaceThreshold: number;
  /**
   * Text and codes: the longest time between two looks, and that while text moves; the longer side of the picture that
   * is read (a still picture is looked at once, so it may be larger) and of the one that is searched for codes; and
   * whether codes are searched for light on dark as well.
   */
  readonly text?: {
    readonly seconds: number;
    readonly movingSeconds: number;
    readonly maxSide: number;
    readonly stillMaxSide: number;
    readonly codesMaxSide: number;
    readonly invertedCodes: boolean;
  };
}

export const efforts: Readonly<Record<Effort, EffortSettings>> = {
  fast: {
    every: 3,
    objectTiles: 0,
    refinePersons: { candidate: 0.15, grid: 3 },
    faceTile: 0.73,
    objectThreshold: 0.3,
    faceThreshold: 0.4,
    smallFaceThreshold: 0.4,
  },
  standard: {
    every: 3,
    objectTiles: 0,
    refinePersons: { candidate: 0.15, grid: 2 },
    faceTile: 0.545,
    objectThreshold: 0.3,
    faceThreshold: 0.4,
    smallFaceThreshold: 0.4,
    text: {
      seconds: 0.6,
      movingSeconds: 0.24,
      maxSide: 640,
      stillMaxSide: 736,
      codesMaxSide: 1280,
      invertedCodes: false,
    },
  },
  thorough: {
    every: 2,
    objectTiles: 2,
    refinePersons: { candidate: 0.15, grid: 2 },
    faceTile: 0.42,
    objectThreshold: 0.25,
    faceThreshold: 0.3,
    smallFaceThreshold: 0.4,
    text: {
      seconds: 0.6,
      movingSeconds: 0.16,
      maxSide: 1280,
      stillMaxSide: 1920,
      codesMaxSide: 1920,
      invertedCodes: true,
    },
  },
};

/** The lowest score at which the object detector is asked at all: what a permit must allow and a record must state. */
export function lowestObjectScore({ objectThreshold, refinePersons }: EffortSettings): number {
  return refinePersons === false ? objectThreshold : Math.min(objectThreshold, refinePersons.candidate);
}
