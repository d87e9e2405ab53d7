export { splitFragments, FragmentSplitter, sameHead, type SplitStream, type StreamPart } from './split.ts';
export { readHead, type TrackHead } from './track.ts';
export { PacketRing, type RingLimits, type RingState } from './ring.ts';
export { clipBytes, Rebase, type Clip, type Missing, type Span } from './clip.ts';
export {
  AlertClips,
  type AlertClipsOptions,
  type ClipAlert,
  type ClipOutcome,
  type RecordedClip,
} from './alert-clips.ts';
export { SegmentRecorder, type SegmentRecorderOptions } from './segments.ts';
export {
  planRetention,
  SegmentIndex,
  segmentSchema,
  type LegalHold,
  type RetentionPlan,
  type RetentionPolicy,
  type Segment,
  type WallSpan,
} from './segment-index.ts';
export { play, type Gap, type PlayPart } from './play.ts';
export { assertMayCopy, recordingMode, type RecordingMode, type ZonePolygon } from './mode.ts';
export { BlankedRecorder, type BlankedOptions } from './blanked.ts';
export { PictureRecorder, type RgbPicture } from './pictures.ts';
export { salvage, type Salvaged } from './salvage.ts';
export { unfinished } from './atomic-file.ts';
