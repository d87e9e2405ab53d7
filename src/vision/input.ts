import { toPixels, type NormalizedBox, type PixelBox, type Size } from '../core/box.ts';
import { TidewaiterError } from '../core/errors.ts';
import type { ModelCard, ModelInput } from '../models/card.ts';
import type { RgbImage } from './detection.ts';

/** Weights of R, G and B in luma: ITU-R BT.601. */
const LUMA = [0.299, 0.587, 0.114] as const;

/**
 * Checks that a model takes a picture of this size, and that the picture has all its pixels.
 * @throws TidewaiterError `E_MODEL_INPUT`.
 */
export function checkImage({ id, input }: ModelCard, { width, height, data }: RgbImage): void {
  const refuse = (what: string, remedy: string): never => {
    throw new TidewaiterError('E_MODEL_INPUT', `A picture of ${width}x${height} ${what}`, remedy);
  };
  const { multiple } = input;
  if (!input.dynamic && (width !== input.width || height !== input.height)) {
    refuse(`does not fit model ${id}`, `Scale it to ${input.width}x${input.height}.`);
  }
  if (width < 1 || height < 1 || width % multiple !== 0 || height % multiple !== 0) {
    refuse(`does not fit model ${id}`, `Give it sides that are multiples of ${multiple}.`);
  }
  if (data.byteLength !== width * height * 3) {
    refuse(`came with ${data.byteLength} bytes`, `Give packed RGB: ${width * height * 3} bytes.`);
  }
}

/** Dimensions of the input tensor for a picture of the given size. */
export function inputDims(input: ModelInput, { width, height }: Size): number[] {
  const channels = input.channels === 'GRAY' ? 1 : 3;
  return input.layout === 'NHWC' ? [1, height, width, channels] : [1, channels, height, width];
}

/**
 * Writes a picture into `target` as the model wants it. The function is made once per model: every byte has one of 256
 * values per channel, so the arithmetic is done here and only looked up for each pixel.
 *
 * `mean` and `std` of the card go with the tensor's channels (BGR: the first is blue's); one entry serves all.
 * @returns a function that fills `target`, which holds width * height * channels values.
 */
export function inputWriter(input: ModelInput): (image: RgbImage, target: Float32Array) => void {
  if (input.channels === 'GRAY') {
    const table = valueTable(input, 0);
    return (image, target) => writeGray(image, target, table);
  }
  const tables = [0, 1, 2].map((channel) => bitsOf(valueTable(input, channel)));
  const [first, second, third] = tables as [Int32Array, Int32Array, Int32Array];
  const [from, to] = input.channels === 'RGB' ? [0, 2] : [2, 0];
  if (input.layout === 'NCHW') {
    return (image, target) => {
      const plane = image.width * image.height;
      const { data } = image;
      const bits = bitsOf(target);
      for (let pixel = 0, at = 0; pixel < plane; pixel++, at += 3) {
        bits[pixel] = first[data[at + from]!]!;
        bits[plane + pixel] = second[data[at + 1]!]!;
        bits[2 * plane + pixel] = third[data[at + to]!]!;
      }
    };
  }
  return (image, target) => {
    const { data } = image;
    const bits = bitsOf(target);
    const count = image.width * image.height * 3;
    for (let at = 0; at < count; at += 3) {
      bits[at] = first[data[at + from]!]!;
      bits[at + 1] = second[data[at + 1]!]!;
      bits[at + 2] = third[data[at + to]!]!;
    }
  };
}

function valueTable({ scale, mean, std }: ModelInput, channel: number): Float32Array {
  const bias = mean[channel] ?? mean[0]!;
  const divisor = std[channel] ?? std[0]!;
  return Float32Array.from({ length: 256 }, (_, byte) => (byte * scale - bias) / divisor);
}

/** The floats as raw bits: copying those spares a conversion to double and back for each value. */
function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

function writeGray({ width, height, data }: RgbImage, target: Float32Array, table: Float32Array): void {
  const [red, green, blue] = LUMA;
  for (let pixel = 0, at = 0; pixel < width * height; pixel++, at += 3) {
    target[pixel] = table[Math.round(data[at]! * red + data[at + 1]! * green + data[at + 2]! * blue)]!;
  }
}

/** Where a crop's pixels go in a model's input, in whole pixels, and the way back. */
export interface CropFit extends PixelBox {
  /** A box of the input as fractions of the crop; may reach past 0..1 where the model saw the border. */
  toCrop(box: NormalizedBox): NormalizedBox;
  /** A box of the input in pixels of the picture that the crop was taken from. */
  toPicture(box: NormalizedBox): PixelBox;
  /** x, y pairs of the input (landmarks, corners) in pixels of the picture. */
  pointsToPicture(points: readonly number[]): number[];
}

/**
 * Fits a crop into a model's input: pulled to all of it, or (`letterbox`) as large as its proportions allow, centred.
 * What is outside the inner rectangle is border for the caller to fill.
 * @param size of the input, for models that take any size; the card's by default.
 */
export function fitCrop(input: ModelInput, crop: PixelBox, size: Size = input): CropFit {
  const factor = Math.min(size.width / crop.width, size.height / crop.height);
  const stretch = input.fit === 'stretch';
  const width = stretch ? size.width : within(crop.width * factor, size.width);
  const height = stretch ? size.height : within(crop.height * factor, size.height);
  const x = Math.floor((size.width - width) / 2);
  const y = Math.floor((size.height - height) / 2);
  const alongX = (value: number): number => (value * size.width - x) / width;
  const alongY = (value: number): number => (value * size.height - y) / height;
  const toCrop = ({ left, top, right, bottom }: NormalizedBox): NormalizedBox => ({
    left: alongX(left),
    top: alongY(top),
    right: alongX(right),
    bottom: alongY(bottom),
  });
  return {
    x,
    y,
    width,
    height,
    toCrop,
    toPicture: (box) => toPixels(toCrop(box), crop),
    pointsToPicture: (points) =>
      points.map((value, index) =>
        index % 2 === 0 ? crop.x + alongX(value) * crop.width : crop.y + alongY(value) * crop.height,
      ),
  };
}

/** A length in whole pixels, at least 1 and at most `limit`. */
function within(length: number, limit: number): number {
  return Math.max(1, Math.min(limit, Math.round(length)));
}
