import type { Size } from '../../core/box.ts';
import type { VideoIndex } from './frame-index.ts';
import type { StripIndex } from './strip.ts';
import type { SoundIndex } from './waveform.ts';

/** What is made of an asset to show it. */
export const proxyKinds = [
  'video',
  'sound',
  'picture',
  'index',
  'poster',
  'thumbnail',
  'strip',
  'waveform',
] as const;
export type ProxyKind = (typeof proxyKinds)[number];

/** The file of kind `index`: what the others hold, and where. */
export interface ProxyIndex {
  readonly version: 1;
  /** Of a video. */
  readonly video?: VideoIndex;
  readonly strip?: StripIndex;
  /** Of a picture: as it is seen, and as the proxy has it. */
  readonly picture?: { readonly source: Size; readonly size: Size };
  /** Sound tracks in the waveform. */
  readonly sound: readonly SoundIndex[];
}
