import type { PixelBox } from '../../../core/box.ts';
import type { PixelSource } from '../../../core/observation.ts';
import type { PlacedRegion } from '../timeline.ts';

/** Compression leaves a dark rim around a mask, pixels of the picture. */
const RIM = 2;
const WHITE = 255;

/**
 * A redacted picture as detectors should see it: each mask in the mean colour of what lies around it. Black boxes are
 * not what models were trained on: heads are seen below them, and letters that touch one are not seen at all.
 */
export class WithoutMasks implements PixelSource {
  readonly width: number;
  readonly height: number;
  readonly #source: PixelSource;
  readonly #masks: readonly PixelBox[];

  /** @param placed what is drawn on the picture; outlines stay. */
  constructor(source: PixelSource, placed: readonly PlacedRegion[]) {
    ({ width: this.width, height: this.height } = source);
    this.#source = source;
    this.#masks = placed.filter(({ region }) => region.style !== 'outline').map(({ box }) => box);
  }

  readRgb(
    crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset = 0,
    stride = width * 3,
  ): void {
    this.#source.readRgb(crop, width, height, target, offset, stride);
    this.#paint({ data: target, offset, stride, width, height, channels: 3 }, crop);
  }

  readLuma(width: number, height: number): Uint8Array {
    const data = this.#source.readLuma(width, height);
    const whole = { x: 0, y: 0, width: this.width, height: this.height };
    this.#paint({ data, offset: 0, stride: width, width, height, channels: 1 }, whole);
    return data;
  }

  #paint(rows: Rows, crop: PixelBox): void {
    const areas = this.#masks.flatMap((mask) => areaIn(rows, crop, mask));
    if (areas.length === 0) return;
    const masked = new Uint8Array(rows.width * rows.height);
    for (const { left, top, right, bottom } of areas) {
      for (let y = top; y < bottom; y++) masked.fill(1, y * rows.width + left, y * rows.width + right);
    }
    // All colours are taken before the first is laid, so that none runs into the next.
    const colours = areas.map((area) => colourAround(rows, area, masked));
    for (const [index, area] of areas.entries()) fill(rows, area, colours[index]!);
  }
}

/** Rows of packed 8-bit pixels. */
interface Rows {
  readonly data: Uint8Array;
  readonly offset: number;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Whole pixels; right and bottom are the first ones outside. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The pixels of a crop that a mask and its rim touch. */
function areaIn({ width, height }: Rows, crop: PixelBox, mask: PixelBox): Area[] {
  const across = width / crop.width;
  const down = height / crop.height;
  const left = Math.max(0, Math.floor((mask.x - RIM - crop.x) * across));
  const top = Math.max(0, Math.floor((mask.y - RIM - crop.y) * down));
  const right = Math.min(width, Math.ceil((mask.x + mask.width + RIM - crop.x) * across));
  const bottom = Math.min(height, Math.ceil((mask.y + mask.height + RIM - crop.y) * down));
  return right > left && bottom > top ? [{ left, top, right, bottom }] : [];
}

/** The mean of the pixels that border on an area and lie under no mask; grey when there are none. */
function colourAround(rows: Rows, area: Area, masked: Uint8Array): readonly number[] {
  const sums = [0, 0, 0];
  let count = 0;
  const add = (x: number, y: number): void => {
    if (x < 0 || y < 0 || x >= rows.width || y >= rows.height || masked[y * rows.width + x] === 1) return;
    const at = rows.offset + y * rows.stride + x * rows.channels;
    for (let channel = 0; channel < rows.channels; channel++) sums[channel]! += rows.data[at + channel]!;
    count += 1;
  };
  for (let x = area.left; x < area.right; x++) {
    add(x, area.top - 1);
    add(x, area.bottom);
  }
  for (let y = area.top; y < area.bottom; y++) {
    add(area.left - 1, y);
    add(area.right, y);
  }
  return sums.map((sum) => (count === 0 ? WHITE / 2 : sum / count));
}

function fill({ data, offset, stride, channels }: Rows, area: Area, colour: readonly number[]): void {
  for (let y = area.top; y < area.bottom; y++) {
    let at = offset + y * stride + area.left * channels;
    for (let x = area.left; x < area.right; x++) {
      for (let channel = 0; channel < channels; channel++) data[at++] = colour[channel]!;
    }
  }
}
