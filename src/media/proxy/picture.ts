import type { Size } from '../../core/box.ts';
import { openPicture } from '../picture/open.ts';
import { sharp } from '../picture/sharp.ts';
import type { SmallPicture } from './strip.ts';

/** What a browser needs to show a picture. */
export interface PictureProxy {
  /** As it is seen, pixels. */
  readonly source: Size;
  readonly size: Size;
  /** WebP; no metadata of the source is in it. */
  readonly picture: Buffer;
  readonly thumbnail: Buffer;
}

const LARGEST_SIDE = 2560;
const THUMBNAIL_SIDE = 320;

/** Makes an upright WebP of any picture that can be opened. @throws TidewaiterError as `openPicture`. */
export async function makePictureProxy(path: string): Promise<PictureProxy> {
  const { surface } = await openPicture(path);
  const { width, height, channels } = surface;
  const { data, info } = await sharp(surface.data, {
    raw: { width, height, channels },
    limitInputPixels: false,
  })
    .resize({ width: LARGEST_SIDE, height: LARGEST_SIDE, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 85 })
    .toBuffer({ resolveWithObject: true });
  return {
    source: { width, height },
    size: { width: info.width, height: info.height },
    picture: data,
    thumbnail: await toThumbnail(sharp(data)),
  };
}

/** The picture of a video at its own size, and as a thumbnail; both WebP. */
export async function posterFiles({
  data,
  width,
  height,
}: SmallPicture): Promise<Pick<PictureProxy, 'picture' | 'thumbnail'>> {
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  return {
    picture: await image.clone().webp({ quality: 80 }).toBuffer(),
    thumbnail: await toThumbnail(image),
  };
}

function toThumbnail(image: ReturnType<typeof sharp>): Promise<Buffer> {
  return image
    .resize({ width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 75 })
    .toBuffer();
}
