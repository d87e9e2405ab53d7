import { writeFile } from 'node:fs/promises';
import {
  AV_LOG_ERROR,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  type FFEncoderCodec,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
} from 'node-av/constants';
import { Codec, FormatContext, Frame, Log, Rational, SoftwareScaleContext } from 'node-av/lib';
import type { Seconds } from '../../core/time.ts';
import type { Scene } from '../scene.ts';
import { openTone, writeTone } from './tone.ts';
import { check, closeTrack, encode, fill, openTrack, type Track } from './track.ts';
import type { Truth } from '../truth.ts';

export interface ClipOptions {
  /** FFmpeg's name of a video encoder that takes 8-bit 4:2:0; `libx264` by default. */
  readonly codec?: FFEncoderCodec;
  /** Quality of x264 and x265, 23 by default; other encoders keep their own default. */
  readonly crf?: number;
  /** A tone with a beep each second, on by default. */
  readonly audio?: boolean;
  /** Where the truth goes; `NAME.truth.json` beside the clip by default. */
  readonly truthPath?: string;
}

/** What is known about one frame. */
export interface FrameTruth {
  readonly time: Seconds;
  /** Gain of the light; 1 leaves the colours as they were drawn. */
  readonly light: number;
  readonly things: readonly Truth[];
}

/** What is known about a clip or a picture, as it is written to its truth file. */
export interface ClipTruth {
  readonly width: number;
  readonly height: number;
  readonly cuts: readonly number[];
  readonly frames: readonly FrameTruth[];
}

/**
 * Writes a scene to a video file (the ending of the name chooses the container) and its truth, with nothing but what
 * npm installs. @returns the path of the truth.
 */
export async function writeClip(scene: Scene, path: string, options: ClipOptions = {}): Promise<string> {
  Log.setLevel(AV_LOG_ERROR);
  const output = new FormatContext();
  check(output.allocOutputContext2(null, null, path), 'choose the container');
  const video = await openVideo(output, scene, options);
  const audio = options.audio === false ? undefined : await openTone(output);
  try {
    check(await output.openOutput(), `open ${path}`);
    check(await output.writeHeader(), 'write the header');
    await writeFrames(output, scene, video, audio);
    check(await output.writeTrailer(), 'write the trailer');
    await output.closeOutput();
  } finally {
    closeTrack(video);
    if (audio !== undefined) closeTrack(audio);
    output.freeContext();
  }
  const { truthPath = `${path}.truth.json` } = options;
  await writeFile(truthPath, JSON.stringify(clipTruth(scene)));
  return truthPath;
}

export function clipTruth(scene: Scene): ClipTruth {
  const frames = scene.times.map((time, index) => ({
    time,
    light: scene.light(index),
    things: scene.truth(index),
  }));
  return { width: scene.width, height: scene.height, cuts: scene.cuts, frames };
}

async function openVideo(output: FormatContext, scene: Scene, options: ClipOptions): Promise<Track> {
  const name = options.codec ?? FF_ENCODER_LIBX264;
  const codec = Codec.findEncoderByName(name);
  if (codec === null) throw new Error(`FFmpeg was built without the encoder ${name}`);
  const tuned = name === FF_ENCODER_LIBX264 || name === FF_ENCODER_LIBX265;
  const settings = tuned ? { preset: 'veryfast', crf: options.crf ?? 23 } : {};
  return openTrack(output, codec, settings, (context) => {
    context.width = scene.width;
    context.height = scene.height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(scene.timeBase.num, scene.timeBase.den);
    context.framerate = new Rational(Math.round(scene.fps * 1000), 1000);
    context.gopSize = 50;
    context.threadCount = 2;
  });
}

async function writeFrames(
  output: FormatContext,
  scene: Scene,
  video: Track,
  audio: Track | undefined,
): Promise<void> {
  const { width, height } = scene;
  const converter = new SoftwareScaleContext();
  converter.getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P);
  const rgb = pictureFrame(width, height, AV_PIX_FMT_RGB24);
  const usual = Math.round(scene.timeBase.den / scene.timeBase.num / scene.fps);
  let samples = 0;
  for (const [index, tick] of scene.ticks.entries()) {
    fill(rgb, scene.frame(index), height);
    const yuv = pictureFrame(width, height, AV_PIX_FMT_YUV420P);
    check(await converter.scaleFrame(yuv, rgb), 'convert a frame');
    yuv.pts = BigInt(tick);
    yuv.duration = BigInt((scene.ticks[index + 1] ?? tick + usual) - tick);
    await encode(output, video, yuv);
    yuv.free();
    if (audio !== undefined) samples = await writeTone(output, audio, samples, scene.times[index]!);
  }
  await encode(output, video, null);
  if (audio !== undefined) await encode(output, audio, null);
  rgb.free();
  converter.freeContext();
}

function pictureFrame(width: number, height: number, format: typeof AV_PIX_FMT_RGB24): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = format;
  check(frame.getBuffer(), 'allocate a frame');
  return frame;
}
