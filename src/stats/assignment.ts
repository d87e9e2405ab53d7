/**
 * Rectangular minimum-cost assignment: pairs rows with columns, each used at most once, so that the sum over the pairs
 * of `cost - limit` is smallest. Pairs that cost more than `limit` are never made. Without a limit as many pairs
 * are made as finite costs allow, at the smallest sum of costs.
 *
 * Shortest augmenting paths with dual variables, O(rows * columns * min(rows, columns)): D. F. Crouse, "On implementing
 * 2D rectangular assignment algorithms", IEEE Trans. Aerospace and Electronic Systems 52(4), 2016, after R. Jonker and
 * A. Volgenant, Computing 38, 1987.
 *
 * @param cost row-major, `rows * columns` numbers; `Infinity` forbids a pair. `NaN` is not allowed.
 * @param limit highest cost of a pair, finite or `Infinity`.
 * @returns the column of each row, or -1 for a row without one.
 */
export function assign(cost: Float64Array, rows: number, columns: number, limit = Infinity): Int32Array {
  const columnOf = new Int32Array(rows).fill(-1);
  if (rows === 0 || columns === 0) return columnOf;
  const flipped = rows > columns;
  const short = flipped ? columns : rows;
  const long = flipped ? rows : columns;
  const substitute = limit === Infinity ? prohibitive(cost, short) : 0;
  const offset = limit === Infinity ? 0 : limit;
  const work = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = cost[row * columns + column]!;
      const target = flipped ? column * long + row : row * long + column;
      work[target] = value > limit || value === Infinity ? substitute : value - offset;
    }
  }
  const matched = solve(work, short, long);
  for (let one = 0; one < short; one++) {
    const other = matched[one]!;
    const row = flipped ? other : one;
    const column = flipped ? one : other;
    const value = cost[row * columns + column]!;
    if (value <= limit && value !== Infinity) columnOf[row] = column;
  }
  return columnOf;
}

/** A cost so high that one more finite pair is always worth more than any choice among the others. */
function prohibitive(cost: Float64Array, pairs: number): number {
  let low = Infinity;
  let high = -Infinity;
  for (const value of cost) {
    if (value === Infinity) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high < low ? 0 : high + (high - low + 1) * pairs;
}

/** The column of each row when there are at least as many columns as rows and all costs are finite. */
function solve(cost: Float64Array, rows: number, columns: number): Int32Array {
  const rowDual = new Float64Array(rows);
  const columnDual = new Float64Array(columns);
  const columnOf = new Int32Array(rows).fill(-1);
  const rowOf = new Int32Array(columns).fill(-1);
  const distance = new Float64Array(columns);
  const via = new Int32Array(columns);
  const done = new Uint8Array(columns);
  const visitedRows = new Int32Array(rows);

  for (let start = 0; start < rows; start++) {
    distance.fill(Infinity);
    done.fill(0);
    let visited = 0;
    let row = start;
    let reached = 0;
    let sink = -1;
    while (sink < 0) {
      visitedRows[visited++] = row;
      let nearest = -1;
      let shortest = Infinity;
      const base = reached - rowDual[row]!;
      for (let column = 0; column < columns; column++) {
        if (done[column] === 1) continue;
        const length = base + cost[row * columns + column]! - columnDual[column]!;
        if (length < distance[column]!) {
          distance[column] = length;
          via[column] = row;
        }
        const known = distance[column]!;
        if (known < shortest || (known === shortest && rowOf[column] === -1 && rowOf[nearest] !== -1)) {
          shortest = known;
          nearest = column;
        }
      }
      reached = shortest;
      done[nearest] = 1;
      if (rowOf[nearest] === -1) sink = nearest;
      else row = rowOf[nearest]!;
    }
    rowDual[start]! += reached;
    for (let index = 1; index < visited; index++) {
      const seen = visitedRows[index]!;
      rowDual[seen]! += reached - distance[columnOf[seen]!]!;
    }
    for (let column = 0; column < columns; column++) {
      if (done[column] === 1) columnDual[column]! -= reached - distance[column]!;
    }
    let column = sink;
    for (;;) {
      const previous = via[column]!;
      rowOf[column] = previous;
      const next = columnOf[previous]!;
      columnOf[previous] = column;
      if (previous === start) break;
      column = next;
    }
  }
  return columnOf;
}
