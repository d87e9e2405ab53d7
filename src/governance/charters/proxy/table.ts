import { TidewaiterError } from '../../../core/errors.ts';

/** More rows than this say nothing new of an association, and would have to be held. */
export const MAX_ROWS = 200_000;

/** A table by columns; an empty cell is an empty text. */
export interface Table {
  readonly columns: ReadonlyMap<string, readonly string[]>;
  readonly rows: number;
}

/**
 * Takes a table whose first row names the columns.
 * @throws TidewaiterError `E_PROXY_TABLE`: no rows, too many, a name twice, rows of different length.
 */
export async function readTable(rows: AsyncIterable<{ readonly cells: readonly string[] }>): Promise<Table> {
  let names: readonly string[] | undefined;
  const columns: string[][] = [];
  let count = 0;
  for await (const { cells } of rows) {
    if (names === undefined) {
      names = cells.map((name) => name.trim());
      const twice = names.find((name, at) => names?.indexOf(name) !== at);
      if (twice !== undefined) throw unusable(`the column "${twice}" stands there twice`);
      columns.push(...names.map(() => []));
      continue;
    }
    if (cells.length !== names.length)
      throw unusable(`row ${count + 2} has ${cells.length} cells, the headings ${names.length}`);
    if (++count > MAX_ROWS) throw unusable(`it has more than ${MAX_ROWS} rows; give a random sample`);
    for (const [at, cell] of cells.entries()) columns[at]?.push(cell.trim());
  }
  if (names === undefined || count === 0) throw unusable('it has no rows');
  return { rows: count, columns: new Map(names.map((name, at) => [name, columns[at] ?? []])) };
}

function unusable(why: string): TidewaiterError {
  return new TidewaiterError(
    'E_PROXY_TABLE',
    `The table cannot be used: ${why}`,
    'Give a CSV with a row of headings, the fields of the charter, and the attribute in one column.',
  );
}
