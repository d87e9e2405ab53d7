import type { Seconds } from '../../core/time.ts';

/** The head of a fragmented MP4 stream (ISO/IEC 14496-12: `ftyp` and `moov`): what every player needs first. */
export interface StreamHead {
  readonly bytes: Uint8Array;
  /** RFC 6381, as MSE wants it: `avc1.64001f`. */
  readonly codecs: string;
  readonly width: number;
  readonly height: number;
}

/** A piece of a camera's stream, copied and not encoded again: one `moof` and its `mdat`. */
export interface Fragment {
  readonly bytes: Uint8Array;
  /** Its first sample can be decoded on its own: a clip may begin here. */
  readonly keyFrame: boolean;
  /** Stream time of its first sample, and how long it lasts. */
  readonly time: Seconds;
  readonly duration: Seconds;
  /** Wall time at which it arrived, milliseconds since 1970. */
  readonly at: number;
}
