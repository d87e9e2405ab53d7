export { drawRegions, type DrawOptions } from './draw.ts';
export { labelBox } from './label.ts';
export { reversibleStyles, type DrawnRegion, type Rgb, type Style } from './region.ts';
export type { Matrix } from './colour.ts';
