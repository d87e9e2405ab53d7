import { patchSide } from './patch.ts';

/** Cells along each side of a patch. */
export const gridSide = 32;
const CELL = patchSide / gridSide;
const ORIENTATIONS = 9;
/** Share of its surroundings' energy above which an edge counts no more: Dalal and Triggs, CVPR 2005, section 6.4. */
const CLIP = 0.4;
const CHANNELS = ORIENTATIONS + 3;

const taper = Float64Array.from(
  { length: gridSide },
  (_, at) => Math.sin((Math.PI * (at + 0.5)) / gridSide) ** 2,
);

/**
 * What a correlation filter sees of a patch: edges by direction, normalised in their surroundings, brightness, and two
 * differences of colour, fading to nothing at the border.
 */
export function featuresOf(patch: Float32Array): Float64Array[] {
  const cells = gridSide * gridSide;
  const channels = Array.from({ length: CHANNELS }, () => new Float64Array(cells));
  const luma = new Float32Array(patchSide * patchSide);
  for (let at = 0; at < luma.length; at++)
    luma[at] = (0.299 * patch[at * 3]! + 0.587 * patch[at * 3 + 1]! + 0.114 * patch[at * 3 + 2]!) / 255;
  const energy = new Float64Array(cells);
  for (let row = 0; row < patchSide; row++) {
    for (let column = 0; column < patchSide; column++) {
      const at = row * patchSide + column;
      const cell = Math.floor(row / CELL) * gridSide + Math.floor(column / CELL);
      const [red, green, blue] = [patch[at * 3]! / 255, patch[at * 3 + 1]! / 255, patch[at * 3 + 2]! / 255];
      channels[ORIENTATIONS]![cell]! += luma[at]! / CELL ** 2;
      channels[ORIENTATIONS + 1]![cell]! += (red - green) / CELL ** 2;
      channels[ORIENTATIONS + 2]![cell]! += ((red + green) / 2 - blue) / CELL ** 2;
      const dx = luma[at + (column < patchSide - 1 ? 1 : 0)]! - luma[at - (column > 0 ? 1 : 0)]!;
      const dy = luma[at + (row < patchSide - 1 ? patchSide : 0)]! - luma[at - (row > 0 ? patchSide : 0)]!;
      const strength = Math.hypot(dx, dy);
      const angle = Math.atan2(dy, dx);
      const turn = (angle < 0 ? angle + Math.PI : angle) / Math.PI;
      channels[Math.min(ORIENTATIONS - 1, Math.floor(turn * ORIENTATIONS))]![cell]! += strength;
      energy[cell]! += strength;
    }
  }
  normalise(channels.slice(0, ORIENTATIONS), energy);
  for (const channel of channels.slice(ORIENTATIONS)) {
    const mean = channel.reduce((sum, value) => sum + value, 0) / cells;
    for (let at = 0; at < cells; at++) channel[at]! -= mean;
  }
  for (const channel of channels)
    for (let at = 0; at < cells; at++)
      channel[at]! *= taper[at % gridSide]! * taper[Math.floor(at / gridSide)]!;
  return channels;
}

/** Edges count by their share of what is around them: light and contrast change, shapes stay. */
function normalise(channels: readonly Float64Array[], energy: Float64Array): void {
  for (let row = 0; row < gridSide; row++) {
    for (let column = 0; column < gridSide; column++) {
      let [around, count] = [0, 0];
      for (let y = Math.max(0, row - 1); y <= Math.min(gridSide - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(gridSide - 1, column + 1); x++) {
          around += energy[y * gridSide + x]!;
          count++;
        }
      const share = 1 / (around / count + 0.05);
      const at = row * gridSide + column;
      for (const channel of channels) channel[at] = Math.min(CLIP, channel[at]! * share);
    }
  }
}
