export { openPicture } from './open.ts';
export { Picture } from './picture.ts';
export { PicturePyramid } from './pyramid.ts';
export { encodeJpeg, writePicture, type WriteOptions } from './write.ts';
export {
  outputFormat,
  type MetadataKind,
  type OutputFormat,
  type PictureFormat,
  type PictureInfo,
  type PictureLimits,
} from './info.ts';
