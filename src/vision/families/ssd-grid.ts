/** The anchor generator of the TensorFlow detection models ("ssd_anchor_generator", multiple grids). */
export interface AnchorGrid {
  /** Cells on a side of each (square) feature map, finest first. */
  readonly featureMaps: readonly number[];
  /** Anchor scale of the first and of the last feature map, as a fraction of the input; linear between. */
  readonly minScale: number;
  readonly maxScale: number;
  /** Width over height, in the order of the model's head. */
  readonly ratios: readonly number[];
  /** The finest map has only three anchors: scale 0.1 square, then its own scale at ratios 2 and 1/2. */
  readonly reduceLowest: boolean;
}

/**
 * Anchors as rows of centre y, centre x, height, width in fractions of the input: map by map, row by row, cell by
 * cell. Every cell but the reduced ones has one anchor per ratio, then a square one at the geometric mean of its
 * scale and the next map's (1 after the last).
 */
export function gridAnchors(grid: AnchorGrid): Float64Array {
  const { featureMaps, minScale, maxScale, ratios, reduceLowest } = grid;
  const scaleOf = (layer: number): number =>
    layer < featureMaps.length ? minScale + ((maxScale - minScale) * layer) / (featureMaps.length - 1) : 1;
  const rows: number[] = [];
  for (const [layer, cells] of featureMaps.entries()) {
    const scale = scaleOf(layer);
    const shapes: (readonly [number, number])[] =
      layer === 0 && reduceLowest
        ? [
            [0.1, 1],
            [scale, 2],
            [scale, 0.5],
          ]
        : [...ratios.map((ratio) => [scale, ratio] as const), [Math.sqrt(scale * scaleOf(layer + 1)), 1]];
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        for (const [side, ratio] of shapes) {
          const stretch = Math.sqrt(ratio);
          rows.push((row + 0.5) / cells, (column + 0.5) / cells, side / stretch, side * stretch);
        }
      }
    }
  }
  return Float64Array.from(rows);
}
