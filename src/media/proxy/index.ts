export { frameAt, frameTable, keyFrameOf, type FrameTable, type VideoIndex } from './frame-index.ts';
export { makeProxies, type Proxies, type ProxyFile, type ProxyJob } from './make.ts';
export type { PeaksIndex } from './peaks.ts';
export { proxyKinds, type ProxyIndex, type ProxyKind } from './proxy-index.ts';
export type { StripIndex } from './strip.ts';
export type { SoundIndex } from './waveform.ts';
