import { AVCOL_RANGE_JPEG, AV_PICTURE_TYPE_NONE, type AVPixelFormat } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import type { Size } from '../../core/box.ts';
import type { Orientation, YuvSurface } from '../surface.ts';
import { pixelFormat, workingFormat, type PixelFormat } from './pixel-format.ts';
import { convertFrame, drawable, newFrame, planesOf, type SamplePlanes } from './planes.ts';

/**
 * A decoded frame on its way to the encoder: 4:2:0 of an even size, that may be drawn on. Odd sizes are extended by
 * repeating the last column or row, after drawing. Owns its frame.
 */
export class Canvas {
  readonly frame: Frame;
  readonly #visible: Size;
  readonly #orientation: Orientation;
  #planes: SamplePlanes | undefined;

  private constructor(frame: Frame, visible: Size, orientation: Orientation) {
    this.frame = frame;
    this.#visible = visible;
    this.#orientation = orientation;
  }

  /** Takes the frame over. */
  static of(decoded: Frame, orientation: Orientation): Canvas {
    const visible = { width: decoded.width, height: decoded.height };
    return new Canvas(evenSized(workable(decoded)), visible, orientation);
  }

  /** A black picture that is otherwise like `model`. */
  static black(model: Frame, visible: Size, orientation: Orientation): Canvas {
    const frame = newFrame(model, pixelFormat(model.format as AVPixelFormat));
    frame.copyProps(model);
    const canvas = new Canvas(frame, visible, orientation);
    canvas.#blacken();
    return canvas;
  }

  /** For drawing. Frames that nobody touches are never copied: the memory is made private when `planes` is read. */
  surface(): YuvSurface {
    const planes = (): SamplePlanes => this.#writable();
    const { width, height } = this.#visible;
    const format = pixelFormat(this.frame.format as AVPixelFormat);
    return {
      kind: 'yuv',
      width,
      height,
      depth: format.depth,
      fullRange: this.frame.colorRange === AVCOL_RANGE_JPEG,
      orientation: this.#orientation,
      get planes() {
        return drawable(planes(), { width, height });
      },
    };
  }

  /** Call after drawing: fills what an odd size was extended by, and leaves the kind of frame to the encoder. */
  finish(pts: bigint): Frame {
    if (this.frame.width > this.#visible.width || this.frame.height > this.#visible.height)
      this.#repeatEdges();
    this.#planes = undefined;
    this.frame.pts = pts;
    this.frame.pictType = AV_PICTURE_TYPE_NONE;
    return this.frame;
  }

  dispose(): void {
    this.#planes = undefined;
    this.frame.free();
  }

  #writable(): SamplePlanes {
    if (this.#planes !== undefined) return this.#planes;
    if (this.frame.makeWritable() < 0) throw new Error('No memory to draw on a frame');
    return (this.#planes = planesOf(this.frame));
  }

  #repeatEdges(): void {
    const planes = this.#writable();
    const luma = planes.data[0];
    const stride = planes.strides[0] ?? 0;
    const bytes = planes.format.depth > 8 ? 2 : 1;
    const { width, height } = this.#visible;
    if (luma === undefined) return;
    if (this.frame.width > width) {
      for (let row = 0; row < height; row++) {
        const end = row * stride + width * bytes;
        luma.copyWithin(end, end - bytes, end);
      }
    }
    if (this.frame.height > height) luma.copyWithin(height * stride, (height - 1) * stride, height * stride);
  }

  #blacken(): void {
    const { data, strides, format } = this.#writable();
    const scale = 1 << (format.depth - 8);
    const black = this.frame.colorRange === AVCOL_RANGE_JPEG ? 0 : 16 * scale;
    data.forEach((plane, index) => {
      const rows = index === 0 ? this.frame.height : -(-this.frame.height >> 1);
      fill(plane.subarray(0, rows * (strides[index] ?? 0)), index === 0 ? black : 128 * scale, format);
    });
  }
}

function fill(plane: Buffer, sample: number, format: PixelFormat): void {
  if (format.depth === 8) plane.fill(sample);
  else plane.fill(Buffer.from([sample & 255, sample >> 8]));
}

/** The same picture in the format that is encoded; `decoded` is freed when that takes a copy. */
function workable(decoded: Frame): Frame {
  const source = pixelFormat(decoded.format as AVPixelFormat);
  const wanted = workingFormat(source);
  if (source.name === wanted.name) return decoded;
  if (source.name === 'yuvj420p') {
    // The same samples under the name that says their range in a field of its own.
    decoded.format = wanted.id;
    decoded.colorRange = AVCOL_RANGE_JPEG;
    return decoded;
  }
  const converted = convertFrame(decoded, wanted);
  decoded.free();
  return converted;
}

function evenSized(frame: Frame): Frame {
  const size = { width: frame.width + (frame.width % 2), height: frame.height + (frame.height % 2) };
  if (size.width === frame.width && size.height === frame.height) return frame;
  const format = pixelFormat(frame.format as AVPixelFormat);
  const larger = newFrame(size, format);
  larger.copyProps(frame);
  const [from, to] = [planesOf(frame), planesOf(larger)];
  const bytes = format.depth > 8 ? 2 : 1;
  drawable(from, frame).forEach((plane, index) => {
    const target = to.data[index];
    for (let row = 0; row < plane.height; row++) {
      const start = row * plane.stride;
      target?.set(plane.data.subarray(start, start + plane.width * bytes), row * (to.strides[index] ?? 0));
    }
  });
  frame.free();
  return larger;
}
