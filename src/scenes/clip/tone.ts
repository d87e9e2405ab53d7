import { AV_CHANNEL_LAYOUT_MONO, AV_CODEC_ID_AAC, AV_SAMPLE_FMT_FLTP } from 'node-av/constants';
import { Codec, type FormatContext, Frame, Rational } from 'node-av/lib';
import type { Seconds } from '../../core/time.ts';
import { check, encode, fill, openTrack, type Track } from './track.ts';

const RATE = 48_000;

/** Adds an AAC stream to a file. */
export async function openTone(output: FormatContext): Promise<Track> {
  const codec = Codec.findEncoder(AV_CODEC_ID_AAC);
  if (codec === null) throw new Error('FFmpeg was built without an AAC encoder');
  return openTrack(output, codec, {}, (context) => {
    context.sampleRate = RATE;
    context.channelLayout = AV_CHANNEL_LAYOUT_MONO;
    context.sampleFormat = AV_SAMPLE_FMT_FLTP;
    context.bitRate = 96_000n;
    context.timeBase = new Rational(1, RATE);
  });
}

/**
 * Writes sound until a time: a soft tone of 220 Hz, and a beep of 1 kHz in the first 80 ms of each second.
 * @param written samples written so far. @returns samples written now, whole codec frames.
 */
export async function writeTone(
  output: FormatContext,
  track: Track,
  written: number,
  until: Seconds,
): Promise<number> {
  const length = track.context.frameSize;
  let at = written;
  for (; at < until * RATE; at += length) {
    const frame = new Frame();
    frame.alloc();
    frame.nbSamples = length;
    frame.format = AV_SAMPLE_FMT_FLTP;
    frame.sampleRate = RATE;
    frame.channelLayout = AV_CHANNEL_LAYOUT_MONO;
    check(frame.getBuffer(), 'allocate sound');
    fill(frame, samples(at, length));
    frame.pts = BigInt(at);
    await encode(output, track, frame);
    frame.free();
  }
  return at;
}

function samples(first: number, length: number): Buffer {
  const values = Float32Array.from({ length }, (_, i) => {
    const time = (first + i) / RATE;
    const beep = time % 1 < 0.08 ? 0.3 * Math.sin(2 * Math.PI * 1000 * time) : 0;
    return 0.05 * Math.sin(2 * Math.PI * 220 * time) + beep;
  });
  return Buffer.from(values.buffer);
}
