import {
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AV_CODEC_ID_HEVC,
  AV_PIX_FMT_RGB24,
  type AVColorSpace,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, SoftwareScaleContext } from 'node-av/lib';
import type { Size } from '../../core/box.ts';
import { again, endOfFile, withOptions } from '../video/ffmpeg.ts';

/** One coded picture: an HEVC key frame with its decoder configuration. */
export interface HevcPicture extends Size {
  /** Body of the `hvcC` box (ISO/IEC 14496-15, 8.3.3.1). */
  readonly configuration: Buffer;
  readonly data: Buffer;
  /** Matrix and range of an `nclx` colour box (ITU-T H.273); the stream's own are used without it. */
  readonly colour?: { readonly matrix: number; readonly fullRange: boolean };
}

/**
 * Decodes one HEVC picture to packed 8-bit RGB.
 * @throws Error when the decoder finds any damage, or a picture of another size than promised.
 */
export async function decodeHevc(picture: HevcPicture): Promise<Buffer> {
  const codec = Codec.findDecoder(AV_CODEC_ID_HEVC);
  if (codec === null) throw new Error('no HEVC decoder is built in');
  const context = new CodecContext();
  const packet = new Packet();
  const frame = new Frame();
  try {
    context.allocContext3(codec);
    context.extraData = picture.configuration;
    // `explode` makes the decoder refuse what it could patch up; a stream may not claim more pixels than its box did.
    const options = { threads: 1, err_detect: 'explode', max_pixels: alignedPixels(picture) };
    must(await withOptions(options, (dictionary) => context.open2(codec, dictionary)));
    packet.alloc();
    packet.data = picture.data;
    frame.alloc();
    must(await context.sendPacket(packet));
    must(await context.sendPacket(null));
    must(await context.receiveFrame(frame));
    if (frame.decodeErrorFlags !== 0) throw new Error('the HEVC data is damaged');
    if (frame.width !== picture.width || frame.height !== picture.height) {
      throw new Error(`it holds ${frame.width} x ${frame.height} pixels where it says otherwise`);
    }
    return toRgb(frame, picture);
  } finally {
    frame.free();
    packet.free();
    context.freeContext();
  }
}

/** Decoders allocate whole coding blocks of up to 64 pixels. */
function alignedPixels({ width, height }: Size): number {
  return (width + 128) * (height + 128);
}

function must(code: number): void {
  if (code === again || code === endOfFile) throw new Error('the HEVC data holds no picture');
  if (code < 0) throw new Error('the HEVC data is damaged');
}

function toRgb(frame: Frame, { colour }: HevcPicture): Buffer {
  if (colour !== undefined) {
    frame.colorRange = colour.fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    frame.colorSpace = colour.matrix as AVColorSpace;
  }
  const rgb = new Frame();
  const scaler = new SoftwareScaleContext();
  try {
    rgb.alloc();
    rgb.width = frame.width;
    rgb.height = frame.height;
    rgb.format = AV_PIX_FMT_RGB24;
    rgb.colorRange = AVCOL_RANGE_JPEG;
    must(rgb.getBuffer());
    scaler.allocContext();
    scaler.setOption('sws_flags', 'bilinear+accurate_rnd+full_chroma_int+bitexact');
    must(scaler.scaleFrameSync(rgb, frame));
    return rgb.toBuffer();
  } finally {
    scaler.freeContext();
    rgb.free();
  }
}
