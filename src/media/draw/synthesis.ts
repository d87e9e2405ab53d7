import { eachGap, type SpanMask } from './mask.ts';
import { fillRun } from './fill.ts';
import { fillUnknown, type CellGrid } from './membrane.ts';
import type { Samples } from './samples.ts';

/** A rectangle of luma pixels divided into square cells; edges are whole pixels. */
export interface Patch {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Side of a cell in luma pixels. */
  readonly cell: number;
}

/** What a component will look like inside a patch. */
export interface Synthesis {
  readonly left: number;
  readonly top: number;
  readonly cellX: number;
  readonly cellY: number;
  readonly grid: CellGrid;
}

/**
 * Averages the samples of each cell that `hidden` leaves free and interpolates the cells that have none. The result
 * depends on no sample that is hidden.
 * @param hidden leave out to average everything.
 * @param grey value of the whole patch when everything in it is hidden.
 */
export function synthesize(
  samples: Samples,
  patch: Patch,
  hidden: SpanMask | undefined,
  grey: number,
): Synthesis {
  const unitX = 2 ** samples.shiftX;
  const unitY = 2 ** samples.shiftY;
  const left = Math.max(0, Math.floor(patch.left / unitX));
  const top = Math.max(0, Math.floor(patch.top / unitY));
  const right = Math.min(samples.width, Math.ceil(patch.right / unitX));
  const bottom = Math.min(samples.height, Math.ceil(patch.bottom / unitY));
  const cellX = Math.max(1, Math.round(patch.cell / unitX));
  const cellY = Math.max(1, Math.round(patch.cell / unitY));
  const columns = Math.max(1, Math.ceil((right - left) / cellX));
  const rows = Math.max(1, Math.ceil((bottom - top) / cellY));
  const value = new Float32Array(columns * rows);
  const weight = new Float32Array(columns * rows);
  const sums = { samples, left, cellX, value, weight };
  for (let y = top, row = 0, inCell = 0; y < bottom; y++) {
    eachGap(hidden, y, left, right, (from, to) => addRun(sums, y, from, to, row));
    if (++inCell === cellY) {
      inCell = 0;
      row += columns;
    }
  }
  for (let i = 0; i < value.length; i++) {
    if (weight[i] === 0) continue;
    value[i]! /= weight[i]!;
    weight[i] = 1;
  }
  const grid = { columns, rows, value, weight };
  if (!fillUnknown(grid)) value.fill(grey);
  return { left, top, cellX, cellY, grid };
}

interface Sums {
  readonly samples: Samples;
  readonly left: number;
  readonly cellX: number;
  readonly value: Float32Array;
  readonly weight: Float32Array;
}

/** Adds samples `from`..`to` of row `y` to the cells they lie in; `row` is the first cell of theirs. */
function addRun(sums: Sums, y: number, from: number, to: number, row: number): void {
  const { cellX, value, weight } = sums;
  const { data, step } = sums.samples;
  const column = Math.floor((from - sums.left) / cellX);
  let i = sums.samples.offset + y * sums.samples.stride + from * step;
  let cell = row + column;
  let stop = sums.left + (column + 1) * cellX;
  for (let x = from; x < to; stop += cellX, cell++) {
    const last = stop < to ? stop : to;
    let sum = 0;
    weight[cell]! += last - x;
    for (; x < last; x++, i += step) sum += data[i]!;
    value[cell]! += sum;
  }
}

/** Writes samples `from`..`to` of row `y` with each cell in one value. */
export function writeCells(
  samples: Samples,
  synthesis: Synthesis,
  y: number,
  from: number,
  to: number,
): void {
  const { left, cellX, grid } = synthesis;
  const row = Math.floor((y - synthesis.top) / synthesis.cellY) * grid.columns;
  let x = from;
  while (x < to) {
    const column = Math.floor((x - left) / cellX);
    const stop = Math.min(to, left + (column + 1) * cellX);
    fillRun(samples, y, x, stop, Math.round(grid.value[row + column]!));
    x = stop;
  }
}

/** Writes rows with the cells' values interpolated linearly between their centres. */
export class SmoothWriter {
  readonly #samples: Samples;
  readonly #synthesis: Synthesis;
  /** The grid's values along the current row, with the first and the last repeated beyond the edges. */
  readonly #along: Float32Array;
  #row = -1;

  constructor(samples: Samples, synthesis: Synthesis) {
    this.#samples = samples;
    this.#synthesis = synthesis;
    this.#along = new Float32Array(synthesis.grid.columns + 2);
  }

  write(y: number, from: number, to: number): void {
    if (y !== this.#row) this.#prepare(y);
    const { data, step, offset, stride } = this.#samples;
    const along = this.#along;
    const scale = 1 / this.#synthesis.cellX;
    let at = (from - this.#synthesis.left + 0.5) * scale + 0.5;
    let i = offset + y * stride + from * step;
    for (let x = from; x < to; x++) {
      const cell = at | 0;
      const low = along[cell]!;
      data[i] = low + (along[cell + 1]! - low) * (at - cell) + 0.5;
      at += scale;
      i += step;
    }
  }

  #prepare(y: number): void {
    const { grid, top, cellY } = this.#synthesis;
    const { columns, rows, value } = grid;
    const at = (y - top + 0.5) / cellY - 0.5;
    const upper = Math.max(0, Math.floor(at));
    const lower = Math.min(rows - 1, Math.floor(at) + 1);
    const share = at - Math.floor(at);
    for (let c = 0; c < columns; c++) {
      const high = value[upper * columns + c]!;
      this.#along[c + 1] = high + (value[lower * columns + c]! - high) * share;
    }
    this.#along[0] = this.#along[1]!;
    this.#along[columns + 1] = this.#along[columns]!;
    this.#row = y;
  }
}
