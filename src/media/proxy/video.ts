import type { Frame, Rational } from 'node-av/lib';
import type { Size } from '../../core/box.ts';
import type { ReportProgress } from '../../core/progress.ts';
import { ticksToSeconds } from '../../core/time.ts';
import { ahead } from '../video/ahead.ts';
import { decodePictures } from '../video/decoder.ts';
import { VideoEncoder } from '../video/encoder.ts';
import { toTimeBase } from '../video/ffmpeg.ts';
import type { VideoInfo } from '../video/info.ts';
import { openInput, type OpenInput } from '../video/input.ts';
import { VideoOutput } from '../video/output.ts';
import type { Picture } from '../video/picture-order.ts';
import { openVideo } from '../video/reader.ts';
import { AacTracks } from './aac-tracks.ts';
import type { VideoIndex } from './frame-index.ts';
import { fitted, proxySize, type ProxySize } from './proxy-size.ts';
import { indexVideo, type GivenFrames } from './read-index.ts';
import { Strip, type SmallPicture, type StripIndex } from './strip.ts';
import { UprightFrames } from './upright-frames.ts';
import { Waveform, type SoundIndex } from './waveform.ts';

export interface VideoProxyJob {
  readonly input: string;
  /** `.mp4`; must not exist yet. It is removed again when anything fails. */
  readonly output: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ReportProgress | undefined;
}

/** What a browser needs to show a video, beside the MP4 that was written. */
export interface VideoProxy {
  readonly video: VideoIndex;
  readonly strip: StripIndex & { readonly sheet: Buffer };
  readonly poster: SmallPicture;
  /** Absent without sound. */
  readonly sound?: { readonly index: readonly SoundIndex[]; readonly bytes: Buffer };
  /** What a person should be told, in sentences. */
  readonly notes: readonly string[];
}

/** The shorter side of the pictures, pixels. */
const LARGEST_SIDE = 720;
/** To step back one frame takes at most so many to be decoded. */
const GOP = 12;
const encoding = { codec: 'h264', crf: 23, preset: 'superfast', threads: 2, gop: GOP } as const;
const tileLimit: Size = { width: 160, height: 160 };
const posterLimit: Size = { width: 640, height: 640 };
const lookahead = 6;

/**
 * Makes of any video one that a browser shows exactly: H.264 in MP4, 8 bits, upright, at most 720 lines. Every frame of the
 * source is there once, in the order of presentation, at the source's own time; what cannot be decoded is black. Sound is AAC.
 * Equal sources give equal bytes.
 * @throws TidewaiterError as `openVideo`; `E_VIDEO_DAMAGED` (nothing in it could be shown), `E_ENCODE`, `E_NO_SPACE`,
 *   `E_CANCELLED`. Nothing is left at `output` then.
 */
export async function makeVideoProxy(job: VideoProxyJob): Promise<VideoProxy> {
  const { info } = await openVideo(job.input, job.signal === undefined ? {} : { signal: job.signal });
  const input = await openInput(job.input, job.signal);
  try {
    const output = VideoOutput.create(job.output);
    try {
      return await new Making(job, info, input, output).run();
    } catch (error) {
      output.abandon();
      throw error;
    }
  } finally {
    input.close();
  }
}

class Making {
  readonly #job: VideoProxyJob;
  readonly #info: VideoInfo;
  readonly #input: OpenInput;
  readonly #output: VideoOutput;
  readonly #size: ProxySize;
  readonly #frames: UprightFrames;
  readonly #audio: AacTracks;
  readonly #waveform: Waveform;
  readonly #notes: string[] = [];
  readonly #given: { pts: bigint[]; damaged: [number, number][]; lastTicks: bigint } = {
    pts: [],
    damaged: [],
    lastTicks: 1n,
  };
  #encoder: VideoEncoder | undefined;
  #strip: Strip | undefined;
  #model: Frame | undefined;
  #write: (frame: Frame | null) => Promise<void> = () => Promise.resolve();
  #pending: Promise<void> = Promise.resolve();

  constructor(job: VideoProxyJob, info: VideoInfo, input: OpenInput, output: VideoOutput) {
    this.#job = job;
    this.#info = info;
    this.#input = input;
    this.#output = output;
    this.#size = proxySize(info.codedSize, info.orientation, LARGEST_SIDE);
    this.#frames = new UprightFrames(this.#size, info.orientation);
    this.#audio = new AacTracks(input.format, output);
    this.#waveform = new Waveform(input.format);
  }

  async run(): Promise<VideoProxy> {
    try {
      await this.#copy();
      return await this.#finish();
    } finally {
      await this.#pending.catch(() => undefined);
      this.#model?.free();
      this.#encoder?.dispose();
      this.#strip?.dispose();
      this.#frames.dispose();
      this.#waveform.dispose();
      this.#audio.dispose();
    }
  }

  async #copy(): Promise<void> {
    /** Pictures before the first that decodes: how a black frame is to be described is known only then. */
    const leading: Picture[] = [];
    const decoded = decodePictures(this.#input, {
      threads: 2,
      tolerate: 'blank',
      signal: this.#job.signal,
      onPacket: (packet) => {
        this.#waveform.accept(packet);
        this.#audio.accept(packet);
      },
      onNote: (note) => this.#notes.push(note),
    });
    for await (const picture of ahead(decoded, lookahead, ({ frame }) => frame?.free())) {
      if (this.#model === undefined && picture.frame === undefined) {
        leading.push(picture);
        continue;
      }
      const frame = picture.frame === undefined ? undefined : this.#frames.of(picture.frame, picture.pts);
      if (frame !== undefined && this.#model === undefined) await this.#start(frame);
      for (const earlier of leading.splice(0)) await this.#put(undefined, earlier.pts);
      await this.#put(frame, picture.pts);
    }
    await this.#pending;
    await this.#write(null);
    this.#audio.finish();
    await this.#output.finish();
  }

  async #put(frame: Frame | undefined, pts: bigint): Promise<void> {
    const shown = frame ?? this.#black(pts);
    const time = ticksToSeconds(pts, this.#info.timeBase);
    try {
      if (frame !== undefined) this.#strip?.see(frame, pts, time);
      // This frame was made ready while the one before was encoded.
      await this.#pending;
    } catch (error) {
      shown.free();
      throw error;
    }
    this.#pending = this.#write(shown).finally(() => shown.free());
    this.#pending.catch(() => undefined);
    this.#note(pts, frame === undefined);
    const total = this.#info.frameCountEstimate;
    this.#job.onProgress?.({
      stage: 'proxy',
      done: this.#given.pts.length,
      unit: 'frames',
      at: time,
      ...(total === undefined ? {} : { total }),
    });
  }

  #note(pts: bigint, damaged: boolean): void {
    const index = this.#given.pts.push(pts) - 1;
    const run = this.#given.damaged.at(-1);
    if (damaged && run?.[1] === index - 1) run[1] = index;
    else if (damaged) this.#given.damaged.push([index, index]);
  }

  #black(pts: bigint): Frame {
    if (this.#model === undefined) throw new Error('a black frame was wanted before the first picture');
    return this.#frames.black(this.#model, pts);
  }

  /** Opens the encoder and the output once the first picture shows what they will carry. */
  async #start(first: Frame): Promise<void> {
    const { video } = this.#input;
    const { timeBase } = this.#info;
    this.#model = this.#frames.black(first, 0n);
    const averageFps = toTimeBase(video.avgFrameRate);
    const encoder = await VideoEncoder.open(
      this.#model,
      { timeBase, averageFps, interlaced: false },
      encoding,
    );
    this.#encoder = encoder;
    const stream = this.#output.addStream(timeBase);
    encoder.describe(stream.codecpar);
    stream.sampleAspectRatio = first.sampleAspectRatio;
    stream.avgFrameRate = video.avgFrameRate;
    const aspect = aspectOf(first.sampleAspectRatio);
    const displayed = {
      width: this.#size.shown.width * (aspect.num / aspect.den),
      height: this.#size.shown.height,
    };
    this.#strip = new Strip(this.#size.shown, fitted(displayed, tileLimit), fitted(displayed, posterLimit));
    const rates = this.#audio.addStreams();
    await this.#output.start([timeBase.den, ...rates], {}, 'index-first');
    this.#audio.start();
    const usual = usualTicks(averageFps, timeBase);
    this.#write = (frame) =>
      encoder.encode(frame, (packet) => {
        // Without one, MP4 ends where its last frame begins and players leave it out.
        if (packet.duration <= 0n) packet.duration = usual;
        this.#given.lastTicks = packet.duration;
        this.#output.write(packet, stream);
      });
  }

  async #finish(): Promise<VideoProxy> {
    const strip = this.#strip;
    const poster = strip?.poster;
    if (strip === undefined || poster === undefined || this.#model === undefined)
      throw new Error('the video ended without a picture');
    const sound = this.#waveform.finish();
    const given: GivenFrames = {
      ...this.#given,
      keyEvery: GOP,
      timeBase: this.#info.timeBase,
      size: this.#size.frame,
      shown: this.#size.shown,
      source: this.#info.size,
      pixelAspect: aspectOf(this.#model.sampleAspectRatio),
    };
    return {
      video: await indexVideo(this.#job.output, given),
      strip: { ...strip.index, sheet: await strip.sheet() },
      poster,
      ...(sound === undefined ? {} : { sound }),
      notes: [...this.#notes, ...this.#audio.notes()],
    };
  }
}

/** Square where nothing is said. */
function aspectOf({ num, den }: Rational): { num: number; den: number } {
  return num > 0 && den > 0 ? { num, den } : { num: 1, den: 1 };
}

/** Ticks from one frame to the next at the average rate; at least one. */
function usualTicks(fps: { num: number; den: number }, base: { num: number; den: number }): bigint {
  if (fps.num <= 0) return 1n;
  return BigInt(Math.max(1, Math.round((fps.den * base.den) / (fps.num * base.num))));
}
