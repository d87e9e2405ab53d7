import {
  AV_PKT_DATA_DISPLAYMATRIX,
  AVMEDIA_TYPE_ATTACHMENT,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_DATA,
  AVMEDIA_TYPE_SUBTITLE,
  AVMEDIA_TYPE_VIDEO,
  AV_TIME_BASE,
  type AVPixelFormat,
} from 'node-av/constants';
import type { Stream } from 'node-av/lib';
import type { Size } from '../../core/box.ts';
import { ticksToSeconds, type Seconds, type TimeBase } from '../../core/time.ts';
import type { Orientation } from '../surface.ts';
import { knownTicks, toTimeBase } from './ffmpeg.ts';
import { codecName, isCover, type OpenInput } from './input.ts';
import { displayedSize, orientationOf } from './orientation.ts';
import { pixelFormat, workingFormat } from './pixel-format.ts';
import { droppedTrackData } from './side-data.ts';

export interface AudioTrackInfo {
  /** Index of the stream in the file. */
  readonly index: number;
  /** FFmpeg's name: `aac`, `pcm_s16le`, ... */
  readonly codec: string;
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly duration: Seconds | undefined;
}

/** A stream that is neither the video that is shown nor sound. */
export interface OtherTrackInfo {
  readonly kind: 'video' | 'subtitle' | 'data' | 'attachment' | 'cover' | 'unknown';
  readonly codec: string;
}

/** What a file says of itself before anything is decoded. */
export interface VideoInfo {
  /** FFmpeg's name of the container family, e.g. `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  /** Of the whole file; undefined where neither the header nor the end of the file tells. */
  readonly duration: Seconds | undefined;
  /** As displayed: orientation applied, pixel aspect ratio not. */
  readonly size: Size;
  /** As stored. */
  readonly codedSize: Size;
  readonly orientation: Orientation;
  /** Unit of every frame's `pts`. */
  readonly timeBase: TimeBase;
  /** Frames per second on average; 0 when unknown. */
  readonly averageFps: number;
  readonly codec: string;
  /** FFmpeg's name. */
  readonly pixelFormat: string;
  /** Bits per sample. */
  readonly depth: number;
  readonly interlaced: boolean;
  /** From the header, or duration times rate; undefined when unknown. */
  readonly frameCountEstimate: number | undefined;
  readonly audio: readonly AudioTrackInfo[];
  readonly others: readonly OtherTrackInfo[];
  /** Whether the container divides the video into chapters. */
  readonly chapters: boolean;
  /** What the video's track says of its pictures that no output carries, by name: Dolby Vision, stereoscopy, ... */
  readonly sideData: readonly string[];
  /** Tags of the container and of every stream; a stream's are prefixed with `stream N: `. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What a person should be told about this file, in sentences. */
  readonly notes: readonly string[];
}

/** What only a look into the file tells. */
export interface Seen {
  readonly interlaced: boolean;
  readonly chapters: boolean;
}

export function describeInput({ format, video }: OpenInput, { interlaced, chapters }: Seen): VideoInfo {
  const streams = format.streams;
  const parameters = video.codecpar;
  const codedSize = { width: parameters.width, height: parameters.height };
  const orientation = orientationOf(parameters.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX));
  const pixels = pixelFormat(parameters.format as AVPixelFormat);
  const fps = framesPerSecond(video);
  const total = knownTicks(format.duration);
  const duration = total === undefined ? undefined : Number(total) / AV_TIME_BASE;
  const others = streams.filter((stream) => stream.index !== video.index && !isAudio(stream)).map(otherTrack);
  return {
    container: format.iformat?.name ?? 'unknown',
    duration,
    size: displayedSize(codedSize, orientation),
    codedSize,
    orientation,
    timeBase: toTimeBase(video.timeBase),
    averageFps: fps,
    codec: codecName(video),
    pixelFormat: pixels.name,
    depth: pixels.depth,
    interlaced,
    frameCountEstimate: countFrames(video, duration, fps),
    audio: streams.filter(isAudio).map(audioTrack),
    others,
    chapters,
    sideData: droppedTrackData(parameters),
    metadata: allTags(format.metadata?.getAll() ?? {}, streams),
    notes: [...pictureNotes(pixels, codedSize, interlaced), ...trackNotes(others)],
  };
}

export function isAudio(stream: Stream): boolean {
  return stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO;
}

/** Average frames per second, 0 when the container does not tell. */
export function framesPerSecond(video: Stream): number {
  const { num, den } = video.avgFrameRate;
  return num > 0 && den > 0 ? num / den : 0;
}

function countFrames(video: Stream, duration: Seconds | undefined, fps: number): number | undefined {
  if (video.nbFrames > 0n) return Number(video.nbFrames);
  return duration !== undefined && fps > 0 ? Math.round(duration * fps) : undefined;
}

function audioTrack(stream: Stream): AudioTrackInfo {
  const ticks = knownTicks(stream.duration);
  return {
    index: stream.index,
    codec: codecName(stream),
    sampleRate: stream.codecpar.sampleRate,
    channels: stream.codecpar.channels,
    duration: ticks === undefined ? undefined : ticksToSeconds(ticks, toTimeBase(stream.timeBase)),
  };
}

const kinds = new Map<number, OtherTrackInfo['kind']>([
  [AVMEDIA_TYPE_VIDEO, 'video'],
  [AVMEDIA_TYPE_SUBTITLE, 'subtitle'],
  [AVMEDIA_TYPE_DATA, 'data'],
  [AVMEDIA_TYPE_ATTACHMENT, 'attachment'],
]);

function otherTrack(stream: Stream): OtherTrackInfo {
  const kind = isCover(stream) ? 'cover' : (kinds.get(stream.codecpar.codecType) ?? 'unknown');
  return { kind, codec: codecName(stream) };
}

function allTags(container: Record<string, string>, streams: readonly Stream[]): Record<string, string> {
  const tags: Record<string, string> = { ...container };
  for (const stream of streams) {
    for (const [name, value] of Object.entries(stream.metadata?.getAll() ?? {})) {
      tags[`stream ${stream.index}: ${name}`] = value;
    }
  }
  return tags;
}

function pictureNotes(pixels: ReturnType<typeof pixelFormat>, size: Size, interlaced: boolean): string[] {
  const notes: string[] = [];
  const target = workingFormat(pixels);
  if (pixels.name.replace('yuvj', 'yuv') !== target.name) {
    notes.push(`The picture is ${pixels.name}; it is converted to ${target.name}, which every player shows.`);
  }
  if (size.width % 2 === 1 || size.height % 2 === 1) {
    notes.push(
      'The size is odd; the last row or column is repeated once, as 4:2:0 video needs an even size.',
    );
  }
  if (interlaced) notes.push('The video is interlaced; both fields of a frame are covered alike.');
  return notes;
}

function trackNotes(others: readonly OtherTrackInfo[]): string[] {
  const videos = others.filter(({ kind }) => kind === 'video').length;
  return videos === 0 ? [] : [`${videos} further video track(s) are not looked at and not kept.`];
}
