export { assign } from './assignment.ts';
export {
  bootstrapInterval,
  clopperPearsonInterval,
  clopperPearsonUpper,
  clusterBootstrapInterval,
  wilsonInterval,
  type BootstrapOptions,
  type Interval,
} from './intervals.ts';
export { median, quantile } from './quantiles.ts';
export { clearMot, type ClearScores } from './tracking/clear.ts';
export { hota, hotaThresholds, type HotaScores } from './tracking/hota.ts';
export { identityScores, type IdentityScores } from './tracking/identity.ts';
export { motTracks, motTruth, parseMot, type MotRow } from './tracking/mot-format.ts';
export {
  alignSequences,
  type AlignedFrame,
  type AlignedSequence,
  type IdentifiedBox,
  type TrackSequence,
} from './tracking/sequence.ts';
