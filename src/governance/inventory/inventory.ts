import { TidewaiterError } from '../../core/errors.ts';
import { readAnswer, type Answer } from './answers.ts';
import { csvText, readCsv, type CsvRecord } from './csv.ts';
import { encodedMark, encodeText, findEncoding, readText, type TextEncoding } from './encoding.ts';
import { plainHeader, type Layout } from './layout.ts';
import { layouts } from './layouts.ts';

/** A use of AI as an inventory gives it. */
export interface InventoryRecord {
  /** As a spreadsheet counts: the headings are row 1. */
  readonly row: number;
  /** Line of the file on which it begins; cells may hold line breaks. */
  readonly line: number;
  /** Everything that stands there, unchanged, in the order of the file. */
  readonly cells: readonly string[];
  readonly end: string;
  /** By the key of the column; columns that the file lacks are absent. */
  readonly answers: Readonly<Record<string, Answer>>;
}

/** A file that was recognised, read as a stream. */
export interface Inventory {
  readonly layout: Layout;
  readonly encoding: TextEncoding;
  /** The row of headings as it is in the file. */
  readonly header: CsvRecord;
  /** Key of each column of the file; undefined for one that the dictionary does not know. */
  readonly keys: readonly (string | undefined)[];
  /** Keys of the dictionary that the file lacks. */
  readonly absent: readonly string[];
  readonly records: AsyncGenerator<InventoryRecord>;
}

/**
 * Opens the CSV of a federal AI use case inventory: encoding and year are found by themselves. Column order is free, and
 * columns may be missing or added.
 * @param name one of the layouts, when it is not to be guessed.
 * @throws TidewaiterError `E_INVENTORY_LAYOUT` for a table that is no inventory, `E_CSV` while reading.
 */
export async function openInventory(path: string, name?: Layout['name']): Promise<Inventory> {
  const encoding = await findEncoding(path);
  const rows = readCsv(readText(path, encoding), path);
  const first = await rows.next();
  if (first.done === true) throw unknownLayout(path, 'it is empty');
  const { layout, keys } = recognise(path, first.value.cells, name);
  return {
    layout,
    encoding,
    header: first.value,
    keys,
    absent: layout.columns.map(({ key }) => key).filter((key) => !keys.includes(key)),
    records: records(path, rows, layout, keys),
  };
}

function recognise(
  path: string,
  header: readonly string[],
  name: Layout['name'] | undefined,
): Pick<Inventory, 'layout' | 'keys'> {
  const candidates = layouts
    .filter((layout) => name === undefined || layout.name === name)
    .map((layout) => {
      const keys = keysOf(layout, header);
      const found = keys.filter((key) => key !== undefined).length;
      return { layout, keys, share: found / layout.columns.length };
    })
    .sort((a, b) => b.share - a.share);
  const best = candidates[0];
  if (best === undefined || best.share < 0.5)
    throw unknownLayout(path, header.length === 1 ? dividedOtherwise(header[0]!) : headingsDiffer);
  return best;
}

const headingsDiffer = 'its headings are not those of any year';

function dividedOtherwise(heading: string): string {
  const by = (
    [
      [';', 'semicolons'],
      ['\t', 'tabs'],
    ] as const
  ).find(([mark]) => heading.includes(mark));
  return by === undefined ? headingsDiffer : `its cells are divided by ${by[1]} and not by commas`;
}

/** Headings such as `If Other, please explain.` come several times: each takes the next column that has it. */
function keysOf({ columns }: Layout, header: readonly string[]): (string | undefined)[] {
  const free = columns.map(({ key, headers }) => ({ key, headers: headers.map(plainHeader) }));
  return header.map((heading) => {
    const at = free.findIndex(({ headers }) => headers.includes(plainHeader(heading)));
    return at < 0 ? undefined : free.splice(at, 1)[0]?.key;
  });
}

async function* records(
  path: string,
  rows: AsyncGenerator<CsvRecord>,
  { columns }: Layout,
  keys: readonly (string | undefined)[],
): AsyncGenerator<InventoryRecord> {
  const places = columns.flatMap((column) => {
    const at = keys.indexOf(column.key);
    return at < 0 ? [] : [{ column, at }];
  });
  let row = 1;
  for await (const { cells, line, end } of rows) {
    row++;
    // Left behind the last row by editors and spreadsheets.
    if (cells.length === 1 && cells[0] === '') continue;
    if (cells.length !== keys.length)
      throw new TidewaiterError(
        'E_CSV',
        `${path}: row ${row} (line ${line}) has ${cells.length} cells, the headings ${keys.length}`,
        'Save the table again as CSV with commas and double quotes, and try once more.',
      );
    const answers = Object.fromEntries(
      places.map(({ column, at }) => [column.key, readAnswer(column, cells[at] ?? '')]),
    );
    yield { row, line, cells, end, answers };
  }
}

function unknownLayout(path: string, why: string): TidewaiterError {
  const known = layouts.map(({ name }) => name).join(', ');
  return new TidewaiterError(
    'E_INVENTORY_LAYOUT',
    `${path} is no AI use case inventory that is known here: ${why}`,
    `Give a CSV of one of these: ${known}.`,
  );
}

/** The bytes of an inventory, a piece at a time: what {@link openInventory} read comes back as it was. */
export async function* inventoryBytes({
  encoding,
  header,
  records: rows,
}: Pick<Inventory, 'encoding' | 'header'> & {
  records: AsyncIterable<Pick<InventoryRecord, 'cells' | 'end'>>;
}): AsyncGenerator<Uint8Array> {
  yield encodedMark(encoding);
  yield encodeText(csvText(header), encoding.charset);
  for await (const record of rows) yield encodeText(csvText(record), encoding.charset);
}
