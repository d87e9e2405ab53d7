import type { PixelSource } from '../../core/observation.ts';
import { encodeJpeg } from '../../media/picture/write.ts';
import type { Snapshot } from './live.ts';
import type { PrivacyZones } from './privacy.ts';

/** The picture as JPEG, privacy zones black, at most `width` wide. The source may be released when this returns. */
export function snapshotOf(source: PixelSource, privacy: PrivacyZones, width: number): Promise<Snapshot> {
  const size = {
    width: Math.min(width, source.width),
    height: Math.max(1, Math.round((source.height * Math.min(width, source.width)) / source.width)),
  };
  const data = new Uint8Array(size.width * size.height * 3);
  privacy
    .blank(source)
    .readRgb({ x: 0, y: 0, width: source.width, height: source.height }, size.width, size.height, data);
  return encodeJpeg({ ...size, data }, { quality: 85 }).then((jpeg) => ({ ...size, jpeg }));
}
