/** Values on a grid of cells; `weight` is 0 where a value is not known. Both are row by row. */
export interface CellGrid {
  readonly columns: number;
  readonly rows: number;
  readonly value: Float32Array;
  readonly weight: Float32Array;
}

/** Relaxation sweeps at each scale: enough to make the joints of the pyramid invisible. */
const SWEEPS = 2;

/**
 * Gives every unknown cell a value that joins the known ones smoothly: averages are pulled up a pyramid and pushed
 * down into the holes (Gortler et al. 1996, "The Lumigraph", section 3.3.3), then relaxed towards the harmonic membrane
 * at each scale. Known cells keep their values.
 * @returns false when no cell is known; nothing is changed then.
 */
export function fillUnknown(grid: CellGrid): boolean {
  if (!grid.weight.includes(0)) return true;
  if (grid.columns === 1 && grid.rows === 1) return false;
  const coarse = pulled(grid);
  if (!fillUnknown(coarse)) return false;
  push(grid, coarse);
  for (let sweep = 0; sweep < SWEEPS; sweep++) relax(grid);
  return true;
}

/** The grid at half the size, from what is known. */
function pulled(grid: CellGrid): CellGrid {
  const columns = (grid.columns + 1) >> 1;
  const rows = (grid.rows + 1) >> 1;
  const value = new Float32Array(columns * rows);
  const weight = new Float32Array(columns * rows);
  for (let y = 0; y < grid.rows; y++) {
    for (let x = 0; x < grid.columns; x++) {
      const from = y * grid.columns + x;
      const to = (y >> 1) * columns + (x >> 1);
      value[to]! += grid.value[from]! * grid.weight[from]!;
      weight[to]! += grid.weight[from]!;
    }
  }
  for (let i = 0; i < value.length; i++) {
    if (weight[i]! > 0) value[i]! /= weight[i]!;
    weight[i] = Math.min(1, weight[i]!);
  }
  return { columns, rows, value, weight };
}

/** Fills unknown cells by bilinear interpolation of the coarse grid. */
function push(grid: CellGrid, coarse: CellGrid): void {
  for (let y = 0; y < grid.rows; y++) {
    const near = (y >> 1) * coarse.columns;
    const far = neighbour(y, coarse.rows) * coarse.columns;
    for (let x = 0; x < grid.columns; x++) {
      const i = y * grid.columns + x;
      if (grid.weight[i]! > 0) continue;
      const a = x >> 1;
      const b = neighbour(x, coarse.columns);
      const from = coarse.value;
      grid.value[i] = (9 * from[near + a]! + 3 * (from[near + b]! + from[far + a]!) + from[far + b]!) / 16;
    }
  }
}

/** The coarse cell next to that of fine cell `x`, on the side to which `x` lies. */
function neighbour(x: number, count: number): number {
  const other = (x >> 1) + ((x & 1) === 1 ? 1 : -1);
  return Math.min(count - 1, Math.max(0, other));
}

/** One Gauss-Seidel sweep of the Laplace equation over the unknown cells. */
function relax(grid: CellGrid): void {
  const { columns, rows, value, weight } = grid;
  for (let y = 0; y < rows; y++) {
    const up = y > 0 ? -columns : 0;
    const down = y < rows - 1 ? columns : 0;
    for (let x = 0; x < columns; x++) {
      const i = y * columns + x;
      if (weight[i]! > 0) continue;
      const left = x > 0 ? i - 1 : i;
      const right = x < columns - 1 ? i + 1 : i;
      value[i] = (value[left]! + value[right]! + value[i + up]! + value[i + down]!) / 4;
    }
  }
}
