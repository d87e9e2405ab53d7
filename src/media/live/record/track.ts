import type { StreamHead } from '../fragment.ts';
import { boxesIn, Cursor, damaged, only } from './boxes.ts';
import { codecsOf } from './codecs.ts';

/** The head of a stream with what is needed to read its fragments. */
export interface TrackHead extends StreamHead {
  readonly trackId: number;
  /** Ticks per second. */
  readonly timescale: number;
  /** Of samples for which a fragment says nothing else (`trex`). */
  readonly sample: SampleDefaults;
}

export interface SampleDefaults {
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/**
 * Reads `ftyp` and `moov`. Recordings hold pictures and no sound, so there is one track.
 * @throws TidewaiterError `E_FRAGMENTS`.
 */
export function readHead(bytes: Uint8Array): TrackHead {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const moov = only(all, 'moov');
  const extends_ = boxesIn(moov).find(({ type }) => type === 'mvex');
  if (extends_ === undefined) throw damaged('it is an MP4 that is not fragmented');
  const trak = only(moov, 'trak');
  const mdia = only(trak, 'mdia');
  if (new Cursor(only(mdia, 'hdlr')).skip(8).text(4) !== 'vide')
    throw damaged('its track is not a video track');
  const trackId = dated(only(trak, 'tkhd'));
  const timescale = dated(only(mdia, 'mdhd'));
  if (timescale === 0) throw damaged('it has no time scale');
  const [entry] = boxesIn(new Cursor(only(only(only(mdia, 'minf'), 'stbl'), 'stsd')).skip(8).rest());
  if (entry === undefined) throw damaged('it does not say how its pictures are coded');
  const picture = new Cursor(entry.content).skip(24);
  return {
    bytes,
    width: picture.u16(),
    height: picture.u16(),
    codecs: codecsOf(entry.type, boxesIn(picture.skip(50).rest())),
    trackId,
    timescale,
    sample: defaultsOf(only(extends_.content, 'trex'), trackId),
  };
}

/** The number behind the two dates that open `tkhd` and `mdhd`. */
function dated(content: Buffer): number {
  const cursor = new Cursor(content);
  return cursor.skip(cursor.full().version === 1 ? 16 : 8).u32();
}

function defaultsOf(trex: Buffer, trackId: number): SampleDefaults {
  const cursor = new Cursor(trex).skip(4);
  if (cursor.u32() !== trackId) throw damaged('its defaults are of another track');
  cursor.skip(4);
  return { duration: cursor.u32(), size: cursor.u32(), flags: cursor.u32() };
}
