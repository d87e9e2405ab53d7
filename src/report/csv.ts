/** What a cell can hold. `undefined` and `null` give an empty cell. */
export type CsvValue = string | number | bigint | boolean | null | undefined;

/**
 * A table as CSV text (RFC 4180): commas, CRLF after every record, quotes where needed. Text that a spreadsheet would
 * take for a formula is prefixed with an apostrophe (OWASP, "CSV Injection"); numbers are written as they are.
 * @throws RangeError when a row is not as long as the header.
 */
export function csv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  let text = csvRecord(header);
  for (const row of rows) {
    if (row.length !== header.length) {
      throw new RangeError(`A row has ${row.length} cells, the header ${header.length}`);
    }
    text += csvRecord(row);
  }
  return text;
}

/** One record with its line end, for tables that are written as a stream. */
export function csvRecord(cells: readonly CsvValue[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
