import {
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_GLOBALHEADER,
} from 'node-av/constants';
import {
  type Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  type FormatContext,
  type Frame,
  Packet,
  type Stream,
} from 'node-av/lib';

/** One encoder and the stream it fills. */
export interface Track {
  readonly context: CodecContext;
  readonly stream: Stream;
  readonly packet: Packet;
}

/** @throws FFmpegError with the name of the step when FFmpeg returned a negative number. */
export function check(result: number, step: string): void {
  FFmpegError.throwIfError(result, step);
}

/** Adds a stream to a file whose header is not written yet. `set` gives the encoder its size, rate and time base. */
export async function openTrack(
  output: FormatContext,
  codec: Codec,
  options: Record<string, string | number>,
  set: (context: CodecContext) => void,
): Promise<Track> {
  const context = new CodecContext();
  context.allocContext3(codec);
  set(context);
  const global =
    ((output.oformat?.flags ?? 0) & AVFMT_GLOBALHEADER) !== 0 ? [AV_CODEC_FLAG_GLOBAL_HEADER] : [];
  context.setFlags(AV_CODEC_FLAG_FRAME_DURATION, ...global);
  check(await context.open2(codec, Dictionary.fromObject(options)), `open ${codec.name}`);
  const stream = output.newStream();
  stream.timeBase = context.timeBase;
  check(stream.codecpar.fromContext(context), 'describe the stream');
  const packet = new Packet();
  packet.alloc();
  return { context, stream, packet };
}

/**
 * Copies packed rows into the first plane of a frame that has a buffer of its own. `Frame.fromBuffer` lets the frame
 * point into the given memory instead, which ends where the last row ends (swscale reads beyond it) and lives only as
 * long as JavaScript holds it.
 */
export function fill(frame: Frame, packed: Buffer, rows = 1): void {
  const [plane] = frame.data ?? [];
  const [stride = 0] = frame.linesize;
  if (plane === undefined) throw new TypeError('the frame has no buffer');
  const row = packed.length / rows;
  for (let y = 0; y < rows; y++) packed.copy(plane, y * stride, y * row, (y + 1) * row);
}

/** Encodes a frame, or with null what the encoder still holds, and writes every packet that is ready. */
export async function encode(output: FormatContext, track: Track, frame: Frame | null): Promise<void> {
  const { context, stream, packet } = track;
  check(await context.sendFrame(frame), 'encode');
  for (;;) {
    const result = await context.receivePacket(packet);
    if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
    check(result, 'encode');
    packet.streamIndex = stream.index;
    packet.rescaleTs(context.timeBase, stream.timeBase);
    check(await output.interleavedWriteFrame(packet), 'write a packet');
  }
}

export function closeTrack(track: Track): void {
  track.packet.free();
  track.context.freeContext();
}
