import type { Seconds } from '../../../core/time.ts';
import type { Fragment } from '../fragment.ts';
import { boxesIn, Cursor, damaged, only } from './boxes.ts';
import type { SampleDefaults, TrackHead } from './track.ts';

/** Flag of a sample that cannot be decoded on its own (ISO/IEC 14496-12, 8.8.3.1). */
const notSync = 0x1_0000;
const longest: Seconds = 86_400;

/**
 * Reads a `moof` and the `mdat` behind it.
 * @throws TidewaiterError `E_FRAGMENTS`, also when samples would lie outside of the fragment.
 */
export function readFragment(bytes: Buffer, head: TrackHead): Omit<Fragment, 'at'> {
  const traf = only(only(bytes, 'moof'), 'traf');
  const defaults = trackDefaults(only(traf, 'tfhd'), head);
  const runs = boxesIn(traf)
    .filter(({ type }) => type === 'trun')
    .map(({ content }) => readRun(content, defaults));
  const [first] = runs;
  if (first === undefined || first.count === 0) throw damaged('a fragment holds no samples');
  const bytesOfSamples = runs.reduce((sum, run) => sum + run.size, 0);
  if (bytesOfSamples > only(bytes, 'mdat').length) throw damaged('samples lie outside of their fragment');
  const duration = runs.reduce((sum, run) => sum + run.duration, 0) / head.timescale;
  if (duration > longest) throw damaged('a fragment lasts longer than a day');
  const time = decodeTime(only(traf, 'tfdt')).ticks / head.timescale;
  return { bytes, keyFrame: (first.flags & notSync) === 0, time, duration };
}

function trackDefaults(tfhd: Buffer, head: TrackHead): SampleDefaults {
  const cursor = new Cursor(tfhd);
  const { flags } = cursor.full();
  if (cursor.u32() !== head.trackId) throw damaged('a fragment belongs to another track');
  // Places counted from the start of a file are wrong as soon as a piece is taken out of it.
  if ((flags & 1) !== 0) throw damaged('samples are counted from the start of the file');
  if ((flags & 2) !== 0) cursor.skip(4);
  const given = (flag: number, otherwise: number): number =>
    (flags & flag) === 0 ? otherwise : cursor.u32();
  return {
    duration: given(8, head.sample.duration),
    size: given(0x10, head.sample.size),
    flags: given(0x20, head.sample.flags),
  };
}

interface Run {
  readonly count: number;
  readonly duration: number;
  readonly size: number;
  /** Of its first sample. */
  readonly flags: number;
}

function readRun(trun: Buffer, defaults: SampleDefaults): Run {
  const cursor = new Cursor(trun);
  const { flags } = cursor.full();
  const count = cursor.u32();
  if ((flags & 1) !== 0) cursor.skip(4);
  const firstFlags = (flags & 4) === 0 ? undefined : cursor.u32();
  const [ownDuration, ownSize, ownFlags, ownOffset] = [0x100, 0x200, 0x400, 0x800].map(
    (flag) => (flags & flag) !== 0,
  );
  const entry = [ownDuration, ownSize, ownFlags, ownOffset].filter(Boolean).length * 4;
  if (count * entry > cursor.left) throw damaged('a run of samples is cut off');
  let run = { count, duration: count * defaults.duration, size: count * defaults.size };
  let ofFirst: number | undefined;
  if (entry > 0) {
    run = { count, duration: 0, size: 0 };
    for (let sample = 0; sample < count; sample++) {
      run.duration += ownDuration === true ? cursor.u32() : defaults.duration;
      run.size += ownSize === true ? cursor.u32() : defaults.size;
      if (ownFlags === true) {
        const word = cursor.u32();
        ofFirst ??= word;
      }
      if (ownOffset === true) cursor.skip(4);
    }
  }
  return { ...run, flags: firstFlags ?? ofFirst ?? defaults.flags };
}

function decodeTime(tfdt: Buffer): { readonly version: number; readonly ticks: number } {
  const cursor = new Cursor(tfdt);
  const { version } = cursor.full();
  return { version, ticks: version === 1 ? cursor.u64() : cursor.u32() };
}

/** The same fragment at another time and place in a stream; its samples are not touched. */
export function movedFragment(
  { bytes }: Fragment,
  head: TrackHead,
  to: { readonly time: Seconds; readonly sequence: number },
): Uint8Array {
  const copy = Buffer.from(bytes);
  const moof = only(copy, 'moof');
  const tfdt = only(only(moof, 'traf'), 'tfdt');
  const ticks = Math.round(to.time * head.timescale);
  const { version } = decodeTime(tfdt);
  if (version === 1) tfdt.writeBigUInt64BE(BigInt(ticks), 4);
  else if (ticks <= 0xffff_ffff) tfdt.writeUInt32BE(ticks, 4);
  else throw damaged('the recording is too long for the 32 bits its fragments have for the time');
  only(moof, 'mfhd').writeUInt32BE(to.sequence, 4);
  return copy;
}
