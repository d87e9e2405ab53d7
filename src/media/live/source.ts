import { setTimeout as sleep } from 'node:timers/promises';
import { toErrorReport } from '../../core/errors.ts';
import type { Seconds } from '../../core/time.ts';
import type { LiveAddress } from './address.ts';
import { BackOff } from './back-off.ts';
import { CameraClock, type CameraTime } from './camera-clock.ts';
import { StreamClock } from './clock.ts';
import { noPicture } from './failure.ts';
import type { LiveState } from './state.ts';
import { LiveStream, type LiveFrame, type LiveOptions } from './stream.ts';

export interface LiveSourceOptions extends Omit<LiveOptions, 'clock' | 'cameraClock' | 'onPacket'> {
  readonly onState?: (state: LiveState) => void;
}

/** Seconds, and packets, without a picture after which a camera that sends is blind all the same. */
const blindAfter: Seconds = 5;
const blindPackets = 5;
/** A connection that lasted this long was a good one: after it, the next try comes at once. */
const wellAfter: Seconds = 5;

/** A camera that is opened again, whatever happens to it, until its signal is raised. Stream time goes on through it all. */
export class LiveSource {
  reconnects = 0;
  readonly #address: LiveAddress;
  readonly #options: LiveSourceOptions;
  readonly #clock = new StreamClock();
  readonly #cameraClock = new CameraClock();
  readonly #backOff = new BackOff(Math.random);
  #state: LiveState = { state: 'connecting', since: Date.now() };
  #stream: LiveStream | undefined;
  #lastPacket = 0;
  #earlierDropped = 0;
  #earlierLive = 0;
  /** What the pictures were like: `h264 640x360`. */
  #kind: string | undefined;

  constructor(address: LiveAddress, options: LiveSourceOptions) {
    this.#address = address;
    this.#options = options;
  }

  /** Frames left out, as {@link LiveStream.dropped}. */
  get dropped(): number {
    return this.#earlierDropped + (this.#stream?.dropped ?? 0);
  }

  /** How the camera's clock goes, as the newest packets tell. */
  get cameraTime(): CameraTime {
    return this.#cameraClock.time;
  }

  /** Seconds for which pictures arrived so far. */
  get liveSeconds(): Seconds {
    const { state, since } = this.#state;
    return this.#earlierLive + (state === 'live' ? (Date.now() - since) / 1000 : 0);
  }

  /** As {@link LiveStream.frames}, over all connections; ends when the signal is raised. */
  async *frames(): AsyncGenerator<LiveFrame> {
    const { signal } = this.#options;
    this.#tell(this.#state);
    while (!signal.aborted) {
      const opened = performance.now();
      try {
        yield* this.#once();
      } catch (error) {
        if (signal.aborted) return;
        const report = toErrorReport(error);
        // What is no answer of a camera is a fault of ours.
        if (!report.code.startsWith('E_LIVE_')) throw error;
        this.#lost(report);
        this.#fold();
        if (performance.now() - opened > wellAfter * 1000) this.#backOff.reset();
        await sleep(this.#backOff.next(report.code) * 1000, undefined, { signal }).catch(() => undefined);
        this.reconnects++;
      }
    }
  }

  async *#once(): AsyncGenerator<LiveFrame> {
    const stream = await LiveStream.open(this.#address, {
      ...this.#options,
      clock: this.#clock,
      cameraClock: this.#cameraClock,
      // Without pictures, packets are all that can be told of it.
      ...(this.#options.decode === false
        ? {
            onPacket: () => {
              this.#lastPacket = Date.now();
              this.#live(this.#lastPacket, 'copied stream');
            },
          }
        : {}),
    });
    this.#stream = stream;
    const opened = Date.now();
    const watchdog =
      this.#options.decode === false ? undefined : setInterval(() => this.#checkBlind(stream, opened), 500);
    try {
      for await (const frame of stream.frames()) {
        const { width, height } = frame.frame;
        this.#live(frame.at, `${stream.codec} ${width}x${height}`);
        yield frame;
      }
    } finally {
      clearInterval(watchdog);
      await stream.close();
    }
  }

  #fold(): void {
    this.#earlierDropped += this.#stream?.dropped ?? 0;
    this.#stream = undefined;
  }

  #checkBlind(stream: LiveStream, opened: number): void {
    const { at = opened, packetsSince } = stream.newest;
    if (packetsSince < blindPackets || Date.now() - at < blindAfter * 1000) return;
    this.#lost(toErrorReport(noPicture(this.#address)));
  }

  #live(since: number, kind: string): void {
    if (this.#state.state === 'live') return;
    const note =
      this.#kind === undefined || this.#kind === kind
        ? undefined
        : `the stream changed from ${this.#kind} to ${kind}`;
    this.#kind = kind;
    this.#tell({ state: 'live', since, ...(note === undefined ? {} : { note }) });
  }

  /** Says it once for each cause; a camera that was live is lost since its last picture. */
  #lost(report: NonNullable<LiveState['report']>): void {
    const { state, since, report: before } = this.#state;
    if (state === 'lost' && before?.code === report.code) return;
    const last = state === 'live' ? Math.max(since, this.#stream?.newest.at ?? this.#lastPacket) : since;
    if (state === 'live') this.#earlierLive += (last - since) / 1000;
    this.#tell({ state: 'lost', since: last, report });
  }

  #tell(state: LiveState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }
}
