import { Dictionary } from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import type { ReportProgress } from '../../core/progress.ts';
import { ticksToSeconds, type Seconds, type TimeBase } from '../../core/time.ts';
import { AudioTracks } from '../audio/tracks.ts';
import type { AudioOutcome, AudioPlan } from '../audio/plan.ts';
import type { Orientation, YuvSurface } from '../surface.ts';
import { ahead } from './ahead.ts';
import { Canvas } from './canvas.ts';
import { decodePictures } from './decoder.ts';
import { VideoEncoder, type VideoEncoding } from './encoder.ts';
import { toTimeBase } from './ffmpeg.ts';
import type { VideoInfo } from './info.ts';
import { openInput, type OpenInput } from './input.ts';
import { VideoOutput } from './output.ts';
import type { Picture } from './picture-order.ts';
import { openVideo } from './reader.ts';
import { keptTags, removedParts, type RemovedItem } from './removed.ts';
import { copyPictureSideData, SideDataRemover } from './side-data.ts';

/** Where in the video a frame that is drawn on lies. */
export interface RenderedFrame {
  readonly time: Seconds;
  /** Ticks of the source's time base. */
  readonly pts: bigint;
  /** Position in presentation order, from 0, as in `VideoReader.frames`. */
  readonly index: number;
  /** True when there was nothing to decode: the surface is black. */
  readonly damaged: boolean;
}

export interface RenderJob {
  readonly input: string;
  /** `.mp4`, `.m4v`, `.mov` or `.mkv`; must not exist yet. It is removed again when anything fails. */
  readonly output: string;
  /**
   * Changes a frame before it is encoded. The surface is valid until the call (or its promise) is over. Anything it
   * throws ends the job.
   */
  readonly draw: (surface: YuvSurface, frame: RenderedFrame) => void | Promise<void>;
  readonly video: VideoEncoding;
  readonly audio: AudioPlan;
  /** Names of the container's and the streams' tags that stay. All others are left behind. */
  readonly keep?: { readonly metadata: readonly string[] } | undefined;
  /** Text for the output's `comment` tag. */
  readonly stamp?: string | undefined;
  readonly decoderThreads?: number | undefined;
  /** See `DecodeOptions.tolerate`. */
  readonly tolerate?: 'blank' | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ReportProgress | undefined;
}

export interface RenderReport {
  readonly frames: number;
  /** Frames that were blanked because there was nothing to decode. */
  readonly blanked: number;
  /** From the first frame to the last. */
  readonly duration: Seconds;
  /** What a person should be told, in sentences: conversions, damage, interlacing. */
  readonly notes: readonly string[];
  readonly removed: readonly RemovedItem[];
  readonly audio: readonly AudioOutcome[];
}

const fieldsKept = 'It is kept interlaced.';
const fieldsInContainer =
  'Its lines are kept as they are, but only the container says that they are two fields: some players show combs. ' +
  'H.264 of a height that 4 divides says so in each frame.';

/** Decoded frames that wait to be drawn on; the encoder holds some more of its own. */
const lookahead = 12;

/**
 * Copies a video, drawing on every frame. Every presentation time of the output equals its original; in MKV it is
 * rounded to a millisecond. Equal jobs give equal bytes.
 * @throws TidewaiterError as `openVideo`; `E_VIDEO_DAMAGED`, `E_TRUNCATED`, `E_ENCODE`, `E_NO_SPACE`, `E_CANCELLED`; and
 *   whatever `draw` throws. Nothing is left at `output` then.
 */
export async function renderVideo(job: RenderJob): Promise<RenderReport> {
  const { info } = await openVideo(job.input, job.signal === undefined ? {} : { signal: job.signal });
  const input = await openInput(job.input, job.signal);
  try {
    const output = VideoOutput.create(job.output);
    try {
      return await new Rendering(job, info, input, output).run();
    } catch (error) {
      output.abandon();
      throw error;
    }
  } finally {
    input.close();
  }
}

/** What is known once the first picture is: the encoder, and a black picture that fits it. */
interface Encoding {
  readonly encoder: VideoEncoder;
  readonly black: Canvas;
  /** Encodes a picture, or the end of the video. */
  readonly write: (canvas: Canvas | null) => Promise<void>;
}

class Rendering {
  readonly #job: RenderJob;
  readonly #info: VideoInfo;
  readonly #input: OpenInput;
  readonly #output: VideoOutput;
  readonly #audio: AudioTracks;
  readonly #sideData = new SideDataRemover();
  readonly #keep: ReadonlySet<string>;
  readonly #orientation: Orientation;
  readonly #notes: string[];
  #encoding:
    { encoder: VideoEncoder; black: Canvas; write: (canvas: Canvas | null) => Promise<void> } | undefined;
  #pending: Promise<void> = Promise.resolve();
  #frames = 0;
  #blanked = 0;
  #firstPts = 0n;
  #lastPts = 0n;

  constructor(job: RenderJob, info: VideoInfo, input: OpenInput, output: VideoOutput) {
    this.#job = job;
    this.#info = info;
    this.#input = input;
    this.#output = output;
    this.#orientation = info.orientation;
    this.#notes = [...info.notes];
    this.#keep = new Set(job.keep?.metadata ?? []);
    this.#audio = new AudioTracks(input, output, job.audio, this.#keep, job.tolerate);
    if (output.container === 'matroska') this.#notes.push('MKV rounds every time to a millisecond.');
  }

  async run(): Promise<RenderReport> {
    try {
      await this.#renderAll();
    } finally {
      await this.#pending.catch(() => undefined);
      this.#encoding?.black.dispose();
      this.#encoding?.encoder.dispose();
      this.#audio.dispose();
    }
    return this.#report();
  }

  async #renderAll(): Promise<void> {
    /** Pictures before the first that decodes; what the output looks like is known only then. */
    const leading: Picture[] = [];
    const { decoderThreads: threads, tolerate, signal } = this.#job;
    const decoded = decodePictures(this.#input, {
      threads,
      tolerate,
      signal,
      onPacket: (packet) => {
        this.#audio.accept(packet);
      },
      onNote: (note) => this.#notes.push(note),
    });
    for await (const picture of ahead(decoded, lookahead, ({ frame }) => frame?.free())) {
      if (this.#encoding === undefined && picture.frame === undefined) {
        leading.push(picture);
        continue;
      }
      const canvas = this.#canvas(picture);
      this.#encoding ??= await this.#start(canvas);
      for (const earlier of leading.splice(0)) await this.#render(this.#blackCanvas(), earlier, true);
      await this.#render(canvas ?? this.#blackCanvas(), picture, canvas === undefined);
    }
    await this.#pending;
    await this.#encoding?.write(null);
    this.#audio.finish();
    await this.#output.finish();
  }

  #canvas({ frame }: Picture): Canvas | undefined {
    if (frame === undefined) return undefined;
    this.#sideData.clean(frame);
    return Canvas.of(frame, this.#orientation);
  }

  #blackCanvas(): Canvas {
    const model = this.#encoding?.black;
    if (model === undefined) throw new Error('a black frame was wanted before the first picture');
    return Canvas.black(model.frame, this.#info.codedSize, this.#orientation);
  }

  async #render(canvas: Canvas, { pts }: Picture, damaged: boolean): Promise<void> {
    const time = ticksToSeconds(pts, this.#info.timeBase);
    const index = this.#frames;
    try {
      await this.#job.draw(canvas.surface(), { time, pts, index, damaged });
      canvas.finish(pts);
      // Drawing on this frame went on while the one before was encoded.
      await this.#pending;
    } catch (error) {
      canvas.dispose();
      throw error;
    }
    this.#pending =
      this.#encoding?.write(canvas).finally(() => {
        canvas.dispose();
      }) ?? Promise.resolve();
    this.#pending.catch(() => undefined);
    if (index === 0) this.#firstPts = pts;
    this.#lastPts = pts;
    this.#frames++;
    if (damaged) this.#blanked++;
    this.#progress(time);
  }

  #progress(at: Seconds): void {
    const total = this.#info.frameCountEstimate;
    this.#job.onProgress?.({
      stage: 'render',
      done: this.#frames,
      unit: 'frames',
      at,
      ...(total === undefined ? {} : { total }),
    });
  }

  /** Opens the encoder and the output once the first picture shows what they will carry. */
  async #start(first: Canvas | undefined): Promise<Encoding> {
    if (first === undefined) throw new Error('the first picture has no frame');
    const { video } = this.#input;
    const timeBase = toTimeBase(video.timeBase);
    const averageFps = toTimeBase(video.avgFrameRate);
    const source = { timeBase, averageFps, interlaced: this.#info.interlaced };
    const encoder = await VideoEncoder.open(first.frame, source, this.#job.video);
    if (source.interlaced) this.#notes.push(encoder.keepsFields ? fieldsKept : fieldsInContainer);
    const stream = this.#output.addStream(timeBase);
    encoder.describe(stream.codecpar);
    stream.sampleAspectRatio = first.frame.sampleAspectRatio;
    stream.avgFrameRate = video.avgFrameRate;
    if (this.#job.video.codec === 'h265' && this.#output.container !== 'matroska')
      stream.codecpar.codecTag = 'hvc1';
    copyPictureSideData(video, first.frame, stream);
    stream.metadata = Dictionary.fromObject(keptTags(video.metadata?.getAll() ?? {}, this.#keep));
    this.#audio.addStreams();
    await this.#output.start([timeBase.den, ...this.#audio.timescales()], this.#tags());
    this.#audio.start();
    const usualTicks = usualDuration(averageFps, timeBase);
    return {
      encoder,
      black: Canvas.black(first.frame, this.#info.codedSize, this.#orientation),
      write: (canvas) =>
        encoder.encode(canvas?.frame ?? null, (packet) => {
          // Some sources state no durations. Without one, MP4 ends where its last frame begins and players leave it out.
          if (packet.duration <= 0n) packet.duration = usualTicks;
          this.#output.write(packet, stream);
        }),
    };
  }

  #tags(): Record<string, string> {
    const kept = keptTags(this.#input.format.metadata?.getAll() ?? {}, this.#keep);
    return this.#job.stamp === undefined ? kept : { ...kept, comment: this.#job.stamp };
  }

  #report(): RenderReport {
    if (this.#frames === 0) {
      throw new TidewaiterError(
        'E_NO_VIDEO',
        `${this.#job.input} holds no frames`,
        'Give a file with a video track.',
      );
    }
    return {
      frames: this.#frames,
      blanked: this.#blanked,
      duration: ticksToSeconds(this.#lastPts - this.#firstPts, this.#info.timeBase),
      notes: this.#notes,
      removed: removedParts(this.#info, this.#sideData.found, this.#keep),
      audio: this.#audio.outcomes(),
    };
  }
}

/** Ticks from one frame to the next at the average rate; at least one. */
function usualDuration(fps: TimeBase, base: TimeBase): bigint {
  if (fps.num <= 0) return 1n;
  return BigInt(Math.max(1, Math.round((fps.den * base.den) / (fps.num * base.num))));
}
