export type { CameraTime } from './camera-clock.ts';
export { parseLiveAddress, shownAddress, type LiveAddress } from './address.ts';
export type { Fragment, StreamHead } from './fragment.ts';
export { LiveSource, type LiveSourceOptions } from './source.ts';
export type { LiveState } from './state.ts';
export { LiveStream, openLive, type LiveFrame, type LiveOptions } from './stream.ts';
