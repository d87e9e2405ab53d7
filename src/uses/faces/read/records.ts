import { Fields } from './fields.ts';
import { readLines } from './lines.ts';

/** A row of a small table, by the names of its columns. */
export interface TableRecord {
  /** Empty where the table has no such column, or nothing in it. */
  text(column: string): string;
  /** Undefined where there is nothing. @throws TidewaiterError `E_SCORES_NUMBER`. */
  number(column: string): number | undefined;
  /** Yes or no; undefined where there is nothing. @throws TidewaiterError `E_SCORES_TYPE`. */
  flag(column: string): boolean | undefined;
  /** @throws TidewaiterError with file and line. */
  refuse(code: string, message: string, remedy: string): never;
}

const yes = new Set(['yes', 'true', '1', 'positive']);
const no = new Set(['no', 'false', '0', 'negative']);

/**
 * Reads a table row by row.
 * @param known columns it may have. @param needed columns it must have.
 * @returns SHA-256 of what was read.
 * @throws TidewaiterError `E_SCORES_FILE`, `E_SCORES_COLUMNS`, and what `take` throws.
 */
export async function readRecords(
  path: string,
  columns: { readonly known: readonly string[]; readonly needed: readonly string[] },
  take: (record: TableRecord) => void,
): Promise<string> {
  const fields = new Fields(path);
  let header: string[] | undefined;
  const refuse = (code: string, message: string, remedy: string): never => {
    throw fields.error(code, message, remedy);
  };
  const remedy = `Use the columns ${columns.known.join(', ')}.`;
  const place = (column: string): number => header?.indexOf(column) ?? -1;
  const text = (column: string): string => (place(column) < 0 ? '' : fields.text(place(column)));
  const record: TableRecord = {
    text,
    number: (column) => (text(column) === '' ? undefined : fields.number(place(column))),
    flag: (column) => {
      const word = text(column).toLowerCase();
      if (word === '') return undefined;
      if (yes.has(word)) return true;
      if (no.has(word)) return false;
      return refuse('E_SCORES_TYPE', `"${word}" is neither yes nor no`, 'Write yes or no.');
    },
    refuse,
  };
  return readLines(path, (line) => {
    if (line.bytes[line.start] === 0x23) return;
    fields.splitCommas(line);
    if (header === undefined) {
      const names = fields.texts();
      const odd = names.find((name, index) => !columns.known.includes(name) || names.indexOf(name) !== index);
      const missing = columns.needed.find((name) => !names.includes(name));
      if (odd !== undefined)
        refuse('E_SCORES_COLUMNS', `the column "${odd}" is not known, or there twice`, remedy);
      if (missing !== undefined) refuse('E_SCORES_COLUMNS', `there is no column called ${missing}`, remedy);
      header = names;
      return;
    }
    if (fields.count !== header.length)
      refuse('E_SCORES_COLUMNS', `there are ${fields.count} fields, and ${header.length} columns`, remedy);
    take(record);
  });
}
