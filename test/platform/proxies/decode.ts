import { readFileSync } from 'node:fs';
import { AV_CODEC_ID_H264 } from 'node-av/constants';
import { Codec, CodecContext, CodecParameters, Frame, Packet } from 'node-av/lib';
import { frameTable, keyFrameOf, type VideoIndex } from '../../../src/media/proxy/index.ts';
import { numberShown } from './numbered.ts';

/**
 * Reads what a frame of a proxy shows with nothing but its index, as a player does: the bytes from its key frame on, and the
 * last picture that comes out.
 */
export function numberAt(path: string, index: VideoIndex, wanted: number): number {
  const file = readFileSync(path);
  const table = frameTable(index);
  const codec = Codec.findDecoder(AV_CODEC_ID_H264);
  if (codec === null) throw new Error('no H.264');
  const parameters = new CodecParameters();
  parameters.alloc();
  parameters.codecId = AV_CODEC_ID_H264;
  parameters.extradata = Buffer.from(index.description, 'base64');
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(parameters);
  decoder.open2Sync(codec);
  const frame = new Frame();
  frame.alloc();
  let [shown, seen] = [-1, 0];
  const receive = (): void => {
    while (decoder.receiveFrameSync(frame) >= 0) {
      seen++;
      shown = numberShown(
        frame.data?.[0] ?? Buffer.alloc(0),
        index.shown.width,
        index.shown.height,
        frame.linesize[0],
      );
      frame.unref();
    }
  };
  const first = keyFrameOf(index, wanted);
  for (let at = first; at <= wanted; at++) {
    const packet = new Packet();
    packet.alloc();
    const offset = table.offset[at] ?? 0;
    packet.data = Buffer.from(file.subarray(offset, offset + (table.bytes[at] ?? 0)));
    decoder.sendPacketSync(packet);
    packet.free();
    receive();
  }
  decoder.sendPacketSync(null);
  receive();
  frame.free();
  decoder.freeContext();
  parameters.free();
  if (seen !== wanted - first + 1)
    throw new Error(`${seen} pictures came out of ${wanted - first + 1} frames`);
  return shown;
}
