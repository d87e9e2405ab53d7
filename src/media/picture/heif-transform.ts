import type { Size } from '../../core/box.ts';
import type { Box } from './heif-items.ts';
import { sharp } from './sharp.ts';

/** Packed 8-bit RGB. */
export interface RawRgb extends Size {
  readonly data: Buffer;
}

/**
 * Crops, turns and mirrors as the properties say, in their order (ISO/IEC 23008-12, 6.5.9, 6.5.10 and 6.5.12).
 * @throws Error for a crop outside the picture.
 */
export async function turn(picture: RawRgb, properties: readonly Box[]): Promise<RawRgb> {
  let turned = picture;
  for (const { type, body } of properties) {
    const image = sharp(turned.data, { raw: { width: turned.width, height: turned.height, channels: 3 } });
    if (type === 'clap') turned = await pixels(image.extract(cleanAperture(body, turned)));
    // `irot` counts quarter turns against the clock, sharp degrees with it.
    else if (type === 'irot') turned = await pixels(image.rotate((4 - (body.readUInt8(0) & 3)) * 90));
    // 0 exchanges top and bottom, 1 left and right.
    else if (type === 'imir')
      turned = await pixels((body.readUInt8(0) & 1) === 0 ? image.flip() : image.flop());
  }
  return turned;
}

async function pixels(image: ReturnType<typeof sharp>): Promise<RawRgb> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The rectangle of a `clap` box, widened to whole pixels (ISO/IEC 14496-12, 12.1.4). */
function cleanAperture(
  body: Buffer,
  { width, height }: Size,
): { left: number; top: number; width: number; height: number } {
  const fraction = (at: number): number => body.readInt32BE(at) / body.readInt32BE(at + 4);
  const [wide, high, offsetX, offsetY] = [fraction(0), fraction(8), fraction(16), fraction(24)];
  const left = Math.max(0, Math.floor((width - wide) / 2 + offsetX));
  const top = Math.max(0, Math.floor((height - high) / 2 + offsetY));
  const right = Math.min(width, Math.ceil((width + wide) / 2 + offsetX));
  const bottom = Math.min(height, Math.ceil((height + high) / 2 + offsetY));
  if (!(right > left && bottom > top)) throw new Error('its crop lies outside of it');
  return { left, top, width: right - left, height: bottom - top };
}

/** Converts pixels that follow an ICC profile to sRGB. */
export async function applyProfile(picture: RawRgb, profile: Buffer): Promise<RawRgb> {
  const image = sharp(tiffWith(picture, profile), { limitInputPixels: false });
  return pixels(image.toColourspace('srgb'));
}

/** sharp takes a profile only inside a file: the plainest one is an uncompressed TIFF (TIFF 6.0 section 6). */
function tiffWith({ data, width, height }: RawRgb, profile: Buffer): Buffer {
  const [SHORT, LONG, UNDEFINED] = [3, 4, 7];
  const start = 8 + 2 + 10 * 12 + 4 + 6;
  const entries = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, 3, start - 6], // bits per sample
    [259, SHORT, 1, 1], // no compression
    [262, SHORT, 1, 2], // RGB
    [273, LONG, 1, start + profile.length + (profile.length & 1)], // where the strip lies
    [277, SHORT, 1, 3], // samples per pixel
    [278, LONG, 1, height], // rows in the strip
    [279, LONG, 1, data.length],
    [34675, UNDEFINED, profile.length, start], // the profile
  ] as const;
  const head = Buffer.alloc(start);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entries.length, 8);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + i * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    head.writeUInt32LE(value, at + 8);
  }
  for (let i = 0; i < 3; i++) head.writeUInt16LE(8, start - 6 + 2 * i);
  return Buffer.concat([head, profile, Buffer.alloc(profile.length & 1), data]);
}
