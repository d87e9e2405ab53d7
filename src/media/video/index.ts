export { openVideo, VideoReader, type FramesOptions } from './reader.ts';
export { framesBetween } from './frames-between.ts';
export { VideoFrame } from './frame.ts';
export type { AudioTrackInfo, OtherTrackInfo, VideoInfo } from './info.ts';
export { renderVideo, type RenderJob, type RenderReport, type RenderedFrame } from './render.ts';
export type { VideoEncoding } from './encoder.ts';
export type { RemovedItem } from './removed.ts';
export type { AudioOutcome, AudioPlan, AudioSpan } from '../audio/plan.ts';
