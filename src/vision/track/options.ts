import type { AssociationOptions } from './association.ts';
import type { TwoWayOptions } from './two-way.ts';
import { defaultBoxFilterNoise } from './kalman.ts';

/** Settings of the online tracker that were best on PETS09-S2L1 (see docs/benchmarks.md). */
export const defaultAssociation: AssociationOptions = {
  lowScore: 0.1,
  highScore: 0.6,
  birthScore: 0.6,
  minHits: 3,
  lostAfter: 2,
  unconfirmedLostAfter: 0.75,
  minOverlap: 0.25,
  minOverlapLow: 0.4,
  momentum: 0.1,
  buffer: 0.5,
  noise: defaultBoxFilterNoise,
  appearance: 0,
};

/** Settings of the two-way tracker that were best on PETS09-S2L1 (see docs/benchmarks.md). */
export const defaultTwoWay: TwoWayOptions = {
  ...defaultAssociation,
  joinWithin: 3,
  joinOverlap: 0.6,
  guardFrames: 3,
  guardTime: 0.1,
  minBestScore: 0.5,
  minDetections: 3,
  smoothing: 'cover',
};
