import { TidewaiterError } from '../../core/errors.ts';

/** One record of a CSV file, as it is written there. */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** The line of the file on which it begins, from 1. Cells can hold line breaks, so it is not the row. */
  readonly line: number;
  /** How it ends: CRLF, LF, or nothing at the end of the file. */
  readonly end: string;
}

/** Longer cells and wider rows than any inventory has: a file that has them is something else. */
const MAX_CELL = 1_000_000;
const MAX_CELLS = 2_000;

/**
 * Reads CSV (RFC 4180) as it arrives, a record at a time. Line breaks and quotes inside quoted cells are kept as they
 * are. Written again by {@link csvText}, files come back with the same bytes unless they quote cells that need no quotes.
 * @param name of the file, for what is thrown.
 * @throws TidewaiterError `E_CSV` with the line: an open quote, text behind a closing quote, a cell or row that is too long.
 */
export async function* readCsv(chunks: AsyncIterable<string>, name: string): AsyncGenerator<CsvRecord> {
  const reader = new CsvReader(name);
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.finish();
}

type State = 'start' | 'plain' | 'quoted' | 'closed' | 'return';

class CsvReader {
  #state: State = 'start';
  #cell = '';
  #cells: string[] = [];
  #line = 1;
  #startLine = 1;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  *push(text: string): Generator<CsvRecord> {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at]!;
      if (this.#state === 'return') {
        yield this.#record(char === '\n' ? '\r\n' : '\r');
        from = at;
        if (char === '\n') {
          from = at + 1;
          continue;
        }
      }
      if (char === '\n') this.#line++;
      if (this.#state === 'quoted') {
        if (char !== '"') continue;
        this.#take(text.slice(from, at));
        this.#state = 'closed';
        from = at + 1;
      } else if (char === ',') {
        this.#take(text.slice(from, at));
        this.#endCell();
        from = at + 1;
      } else if (char === '\n' || char === '\r') {
        this.#take(text.slice(from, at));
        from = at + 1;
        if (char === '\r') this.#state = 'return';
        else yield this.#record('\n');
      } else if (char === '"') {
        if (this.#state === 'plain')
          throw this.#broken('a quote stands inside a cell that began without one');
        // A quote behind a closing one is a quote in the text.
        if (this.#state === 'closed') this.#cell += '"';
        this.#state = 'quoted';
        from = at + 1;
      } else if (this.#state === 'closed') throw this.#broken('text stands behind a closing quote');
      else this.#state = 'plain';
    }
    this.#take(text.slice(from));
  }

  *finish(): Generator<CsvRecord> {
    if (this.#state === 'quoted') throw this.#broken('a quote is never closed');
    if (this.#state === 'return') yield this.#record('\r');
    else if (this.#state !== 'start' || this.#cells.length > 0) yield this.#record('');
  }

  #take(text: string): void {
    this.#cell += text;
    if (this.#cell.length > MAX_CELL) throw this.#broken(`a cell is longer than ${MAX_CELL} characters`);
  }

  #endCell(): void {
    if (this.#cells.push(this.#cell) > MAX_CELLS)
      throw this.#broken(`a row has more than ${MAX_CELLS} cells`);
    this.#cell = '';
    this.#state = 'start';
  }

  #record(end: string): CsvRecord {
    if (end === '\r\n') this.#line++;
    this.#endCell();
    const record = { cells: this.#cells, line: this.#startLine, end };
    this.#cells = [];
    this.#startLine = this.#line;
    return record;
  }

  #broken(what: string): TidewaiterError {
    return new TidewaiterError(
      'E_CSV',
      `${this.#name}, row that begins on line ${this.#startLine}: ${what}`,
      'Save the table again as CSV with commas and double quotes, and try once more.',
    );
  }
}

/** The record as text, with quotes only where they are needed. */
export function csvText({ cells, end }: Pick<CsvRecord, 'cells' | 'end'>): string {
  return cells.map(quoted).join(',') + end;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
