import type { PixelSource } from '../../core/observation.ts';
import { encodeJpeg } from '../../media/picture/write.ts';
import type { Snapshot } from './live.ts';
import { BlankedSource } from './privacy.ts';
import type { CameraFile } from './site/schema.ts';

/** The picture as JPEG, privacy zones black, at most `width` wide. The source may be released when this returns. */
export function snapshotOf(
  source: PixelSource,
  privacy: CameraFile['privacy'],
  width: number,
): Promise<Snapshot> {
  const blanked = new BlankedSource(
    source,
    privacy.map(({ polygon }) => polygon),
  );
  const size = {
    width: Math.min(width, source.width),
    height: Math.max(1, Math.round((source.height * Math.min(width, source.width)) / source.width)),
  };
  const data = new Uint8Array(size.width * size.height * 3);
  blanked.readRgb({ x: 0, y: 0, width: source.width, height: source.height }, size.width, size.height, data);
  return encodeJpeg({ ...size, data }, { quality: 85 }).then((jpeg) => ({ ...size, jpeg }));
}
