/** How hard a scene is looked at. */
export type Effort = 'fast' | 'standard' | 'thorough';

/** What one effort runs, and how often. Costs are in docs/benchmarks.md. */
export interface EffortSettings {
  /** Objects and faces are looked for in every k-th frame, in the first and last one, and after each cut. */
  readonly every: number;
  /** Overlapping upright tiles in which people and vehicles are looked for besides the full frame. */
  readonly objectTiles: number;
  /** Overlapping square tiles in which faces are looked for besides the full frame and the heads of persons. */
  readonly faceTiles: number;
  /** Side of a face tile as a share of the picture's shorter side. */
  readonly faceTileSide: number;
  /** Lowest score of an object or a face that is kept as evidence for a track. */
  readonly objectThreshold: number;
  readonly faceThreshold: number;
  /** Text and codes: the longest time between two looks, and the longer side of the picture that is read. */
  readonly text?: { readonly seconds: number; readonly maxSide: number };
}

export const efforts: Readonly<Record<Effort, EffortSettings>> = {
  fast: {
    every: 3,
    objectTiles: 0,
    faceTiles: 0,
    faceTileSide: 1,
    objectThreshold: 0.3,
    faceThreshold: 0.4,
  },
  standard: {
    every: 3,
    objectTiles: 2,
    faceTiles: 3,
    faceTileSide: 1,
    objectThreshold: 0.3,
    faceThreshold: 0.4,
    text: { seconds: 0.6, maxSide: 640 },
  },
  thorough: {
    every: 2,
    objectTiles: 2,
    faceTiles: 8,
    faceTileSide: 0.56,
    objectThreshold: 0.25,
    faceThreshold: 0.3,
    text: { seconds: 0.6, maxSide: 1280 },
  },
};
