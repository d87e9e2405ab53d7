import { avGetPixFmtFromName, avGetPixFmtName } from 'node-av/lib';
import type { AVPixelFormat } from 'node-av/constants';

/** What must be known of an FFmpeg pixel format to draw on it. */
export interface PixelFormat {
  readonly id: AVPixelFormat;
  /** FFmpeg's name: `yuv420p`, `yuvj422p`, `yuv420p10le`, ... */
  readonly name: string;
  /** Bits per sample. */
  readonly depth: number;
  /** Chroma subsampling of three-plane YUV; undefined for everything else. */
  readonly planar: { readonly shiftX: 0 | 1 | 2; readonly shiftY: 0 | 1 } | undefined;
}

const subsampling: Record<string, { shiftX: 0 | 1 | 2; shiftY: 0 | 1 }> = {
  '410': { shiftX: 2, shiftY: 1 },
  '411': { shiftX: 2, shiftY: 0 },
  '420': { shiftX: 1, shiftY: 1 },
  '422': { shiftX: 1, shiftY: 0 },
  '440': { shiftX: 0, shiftY: 1 },
  '444': { shiftX: 0, shiftY: 0 },
};

export function pixelFormat(id: AVPixelFormat): PixelFormat {
  const name = avGetPixFmtName(id) ?? 'unknown';
  const planar = /^yuvj?(4\d\d)p(?:(?:9|1\d)le)?$/.exec(name)?.[1];
  return { id, name, depth: depthOf(name), planar: planar === undefined ? undefined : subsampling[planar] };
}

export function namedPixelFormat(name: string): PixelFormat {
  return pixelFormat(avGetPixFmtFromName(name));
}

function depthOf(name: string): number {
  const plain = /(?:p|gray|y)0?(9|1[0246])(?:le|be)$/.exec(name)?.[1];
  if (plain !== undefined) return Number(plain);
  if (/^(?:rgb|bgr)48|^(?:rgba|bgra)64|^ya16/.test(name)) return 16;
  return /^x2(?:rgb|bgr)10|^(?:x?v30|y210)/.test(name) ? 10 : 8;
}

/** The format this picture is drawn on and encoded in: 4:2:0, 8 bits or 10, which every player shows. */
export function workingFormat(source: PixelFormat): PixelFormat {
  return namedPixelFormat(source.depth > 8 ? 'yuv420p10le' : 'yuv420p');
}
