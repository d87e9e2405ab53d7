import { unsupported, type PictureLimits } from './info.ts';
import type { Picture } from './picture.ts';

/** Refuses HEIC files by name. */
export function openHeif(path: string, _file: Buffer, _limits: PictureLimits): Promise<Picture> {
  return Promise.reject(unsupported(path, 'a HEIC file'));
}
