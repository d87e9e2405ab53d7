import type { Size } from '../../core/box.ts';
import type { Random } from '../../core/random.ts';
import { drawSvg } from '../draw/picture.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';

/** A striped lamp post that stands near the camera and hides what passes behind it. */
export async function drawPost(random: Random): Promise<Sprite> {
  const width = 34 + random.integer(26);
  const height = 900;
  const picture = await drawSvg(
    width,
    height,
    `<defs><linearGradient id="g" x1="0" x2="1"><stop offset="0" stop-color="#000" stop-opacity=".55"/>
      <stop offset=".35" stop-color="#fff" stop-opacity=".3"/><stop offset="1" stop-color="#000" stop-opacity=".6"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="#7a8288"/><rect y="520" width="${width}" height="130" fill="#d8b02a"/>
    <rect width="${width}" height="${height}" fill="url(#g)"/>`,
  );
  return toSprite(picture, []);
}

/** A counter along the lower third of the frame, in front of whoever stands there. */
export async function drawCounter(size: Size): Promise<Sprite> {
  const { width } = size;
  const height = Math.round(size.height * 0.36);
  const picture = await drawSvg(
    width,
    height,
    `<defs><linearGradient id="wood" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#a98660"/><stop offset="1" stop-color="#755638"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#wood)"/><rect width="${width}" height="${height * 0.03}" fill="#c7a57d"/>`,
  );
  return toSprite(picture, []);
}
