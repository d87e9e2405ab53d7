import { AVMEDIA_TYPE_VIDEO, AVDISCARD_ALL } from 'node-av/constants';
import { FormatContext, Packet, type Stream } from 'node-av/lib';
import { ticksToSeconds, type Seconds } from '../../core/time.ts';
import { knownTicks, throwIfCancelled, toTimeBase, withOptions } from '../video/ffmpeg.ts';
import { openableUrl, type LiveAddress } from './address.ts';
import { notReached, noVideo, openFailure, readFailure, refuseSize, silent } from './failure.ts';

/** Seconds in which a camera must have answered with a stream. */
const openWithin: Seconds = 6;
/** Seconds without a packet after which a camera is taken for frozen, and before its rate is known. */
const silentAfter: Seconds = 2;
const silentAtFirst: Seconds = 6;
/** A playlist brings a piece of several seconds at a time. */
const silentPlaylist: Seconds = 20;

const hearFirstMs = 100;

/**
 * Only these are spoken and parsed: an answer must not make FFmpeg read files or other machines' services.
 */
const rtsp = { format_whitelist: 'rtsp,sdp,rtp', protocol_whitelist: 'rtsp,rtsps,rtp,tcp,udp,tls,crypto' };
const web = {
  format_whitelist: 'mpjpeg,hls,mpegts,mov,mp4,m4a,3gp,3g2,mj2',
  protocol_whitelist: 'http,https,tcp,tls,crypto',
};

/**
 * Probing opens decoders of its own, without a limit of size, so it may have none: parsers tell what it needs to know. Those of
 * a playlist do not, but for its pieces to be copied.
 */
const undecoded = { codec_whitelist: 'none' };
const playlistCodecs = 'h264,hevc,mjpeg';

/** An open stream of a camera: packets of its video as they arrive. Close it. */
export class Connection {
  readonly video: Stream;
  /** Pieces come in bursts and are to be played at their own pace. */
  readonly playlist: boolean;
  /** JPEG pictures one after the other, without times of their own. */
  readonly multipart: boolean;
  readonly #address: LiveAddress;
  readonly #format: FormatContext;
  readonly #signal: AbortSignal;
  readonly #packet = new Packet();
  #count = 0;
  #gap: Seconds = 0;
  #lastStamp: Seconds | undefined;

  private constructor(address: LiveAddress, format: FormatContext, video: Stream, signal: AbortSignal) {
    this.#address = address;
    this.#format = format;
    this.#signal = signal;
    this.video = video;
    this.playlist = isPlaylist(format);
    this.multipart = isMultipart(format);
    this.#packet.alloc();
  }

  /** @throws TidewaiterError `E_LIVE_UNREACHABLE`, `E_LIVE_PASSWORD`, `E_LIVE_NOT_FOUND`, `E_LIVE_FORMAT`, `E_LIVE_NO_VIDEO`, `E_LIVE_SIZE`, `E_CANCELLED`. */
  static async open(address: LiveAddress, signal: AbortSignal): Promise<Connection> {
    throwIfCancelled(signal);
    const format = new FormatContext();
    // FFmpeg asks the context that it is given whether to go on; one that it makes itself knows no interrupt.
    format.allocContext();
    try {
      const opening = await interruptible(format, openWithin, signal, async () => {
        const opened = await withOptions(openOptions(address), (dictionary) =>
          format.openInput(openableUrl(address), null, dictionary),
        );
        if (opened < 0) return opened;
        // All there is to know: only decoding would tell more.
        if (isMultipart(format)) return 0;
        if (isPlaylist(format)) format.setOption('codec_whitelist', playlistCodecs);
        return await format.findStreamInfo();
      });
      throwIfCancelled(signal);
      if (opening.late) throw notReached(address, `no stream within ${openWithin} seconds`);
      if (opening.code < 0) throw openFailure(address, opening.code);
      return new Connection(address, format, chooseVideo(format, address), signal);
    } catch (error) {
      format.closeInputSync();
      throw error;
    }
  }

  /**
   * The next packet of the video, lent until the next call.
   * @throws TidewaiterError `E_LIVE_SILENT`, `E_LIVE_ENDED`, `E_CANCELLED`.
   */
  async read(): Promise<Packet> {
    for (;;) {
      this.#packet.unref();
      const read = await interruptible(this.#format, this.#patience(), this.#signal, () =>
        this.#format.readFrame(this.#packet),
      );
      throwIfCancelled(this.#signal);
      if (read.late) throw silent(this.#address);
      if (read.code < 0) throw readFailure(this.#address, read.code);
      if (this.#packet.streamIndex !== this.video.index || this.#packet.size === 0) continue;
      this.#learnGap();
      return this.#packet;
    }
  }

  close(): void {
    this.#packet.free();
    this.#format.closeInputSync();
  }

  /** Slow cameras send a frame every few seconds: three of their gaps may pass. */
  #patience(): Seconds {
    if (this.playlist) return silentPlaylist;
    return this.#count < 3 ? silentAtFirst : Math.max(silentAfter, 3 * this.#gap);
  }

  #learnGap(): void {
    const ticks = knownTicks(this.#packet.dts);
    const stamp = ticks === undefined ? undefined : ticksToSeconds(ticks, toTimeBase(this.video.timeBase));
    this.#count++;
    if (stamp === undefined) return;
    const gap = stamp - (this.#lastStamp ?? stamp);
    this.#lastStamp = stamp;
    // What jumps is no gap.
    if (gap >= 0 && gap < 60) this.#gap += (gap - this.#gap) / Math.min(this.#count, 10);
  }
}

const isPlaylist = ({ iformat }: FormatContext): boolean => iformat?.name?.includes('hls') === true;
const isMultipart = ({ iformat }: FormatContext): boolean => iformat?.name?.includes('mpjpeg') === true;

function openOptions({ url, transport = 'tcp' }: LiveAddress): Record<string, string | number> {
  const fast = { fflags: 'nobuffer', probesize: 100_000, analyzeduration: 300_000, ...undecoded };
  if (url.startsWith('rtsp')) return { ...fast, ...rtsp, rtsp_transport: transport };
  // A playlist is entered at its newest piece but one.
  return { ...fast, ...web, live_start_index: -2, probesize: 500_000 };
}

function chooseVideo(format: FormatContext, address: LiveAddress): Stream {
  const { streams } = format;
  const chosen = streams[format.findBestStream(AVMEDIA_TYPE_VIDEO)];
  if (chosen === undefined) throw noVideo(address, 'there is no video in it');
  refuseSize(chosen.codecpar, address);
  for (const stream of streams) if (stream.index !== chosen.index) stream.discard = AVDISCARD_ALL;
  return chosen;
}

/** Runs a call that blocks, and ends it when it takes too long or the signal is raised. */
async function interruptible(
  format: FormatContext,
  within: Seconds,
  signal: AbortSignal,
  call: () => Promise<number>,
): Promise<{ readonly code: number; readonly late: boolean }> {
  let late = false;
  const interrupt = (): void => format.interrupt();
  const giveUp = (): void => {
    late = true;
    interrupt();
  };
  let timer = setTimeout(() => {
    // When it was this process that stood still, what has arrived meanwhile is heard first.
    timer = setTimeout(giveUp, hearFirstMs);
  }, within * 1000);
  signal.addEventListener('abort', interrupt);
  try {
    const code = await call();
    // What was interrupted may still give what it had, and fails with the next call.
    return { code, late };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}
