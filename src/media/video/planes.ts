import {
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_RGB,
  AVCOL_SPC_SMPTE170M,
  type AVPixelFormat,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { PixelBox, Size } from '../../core/box.ts';
import type { Plane } from '../surface.ts';
import { pixelFormat, type PixelFormat } from './pixel-format.ts';

/** Views on the three planes of a planar YUV frame: valid only until the frame is freed. */
export interface SamplePlanes {
  readonly data: readonly Buffer[];
  /** Bytes from row to row, per plane. */
  readonly strides: readonly number[];
  readonly format: PixelFormat;
  readonly fullRange: boolean;
}

export function planesOf(frame: Frame): SamplePlanes {
  const format = pixelFormat(frame.format as AVPixelFormat);
  return { data: frame.data ?? [], strides: frame.linesize, format, fullRange: isFullRange(frame, format) };
}

/** The same planes, starting at the region's corner, whose coordinates must be multiples of the subsampling. */
export function cutOut(planes: SamplePlanes, region: PixelBox): SamplePlanes {
  const bytes = planes.format.depth > 8 ? 2 : 1;
  const { shiftX, shiftY } = planes.format.planar ?? { shiftX: 0, shiftY: 0 };
  const data = planes.data.map((plane, index) => {
    const [right, down] = index === 0 ? [0, 0] : [shiftX, shiftY];
    return plane.subarray((region.y >> down) * (planes.strides[index] ?? 0) + (region.x >> right) * bytes);
  });
  return { ...planes, data };
}

/** The planes as something to draw on, `size` samples large. */
export function drawable(planes: SamplePlanes, size: Size): readonly [Plane, Plane, Plane] {
  const { shiftX, shiftY } = planes.format.planar ?? { shiftX: 0, shiftY: 0 };
  const plane = (index: 0 | 1 | 2): Plane => {
    const [right, down] = index === 0 ? [0, 0] : [shiftX, shiftY];
    return {
      data: planes.data[index] ?? Buffer.alloc(0),
      stride: planes.strides[index] ?? 0,
      width: -(-size.width >> right),
      height: -(-size.height >> down),
      shiftX: right,
      shiftY: down,
    };
  };
  return [plane(0), plane(1), plane(2)];
}

/** A new frame of the given size with memory of its own. */
export function newFrame(size: Size, format: PixelFormat): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = size.width;
  frame.height = size.height;
  frame.format = format.id;
  if (frame.getBuffer() < 0) throw new Error(`No memory for a ${size.width}x${size.height} frame`);
  return frame;
}

/** A copy of the picture in another pixel format; the caller frees both. RGB becomes BT.601, limited range. */
export function convertFrame(source: Frame, format: PixelFormat): Frame {
  const converted = newFrame(source, format);
  const fullRange = isFullRange(source, pixelFormat(source.format as AVPixelFormat));
  converted.copyProps(source);
  converted.colorRange = fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  if (source.colorSpace === AVCOL_SPC_RGB) converted.colorSpace = AVCOL_SPC_SMPTE170M;
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  try {
    if (scaler.scaleFrameSync(converted, source) < 0) {
      throw new Error(`swscale cannot make ${format.name} of this picture`);
    }
  } finally {
    scaler.freeContext();
  }
  return converted;
}

/** True for JPEG levels; RGB is converted to limited range, as video has it. */
function isFullRange(frame: Frame, format: PixelFormat): boolean {
  if (format.planar === undefined && !format.name.startsWith('gray')) return false;
  return frame.colorRange === AVCOL_RANGE_JPEG || format.name.startsWith('yuvj');
}
