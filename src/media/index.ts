export { sniffFile, type FileKind } from './sniff.ts';
export type { Orientation, Plane, RgbSurface, Surface, YuvSurface } from './surface.ts';
export * from './draw/index.ts';
export * from './picture/index.ts';
export * from './video/index.ts';
