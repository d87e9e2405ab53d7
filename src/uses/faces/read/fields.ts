import { TidewaiterError } from '../../../core/errors.ts';
import { isBlank, type Line } from './lines.ts';

/** The fields of one line at a time, as places in its bytes, so that ten million lines need no text. */
export class Fields {
  readonly #file: string;
  #bytes: Buffer = Buffer.alloc(0);
  #starts: number[] = [];
  #ends: number[] = [];
  #line = 0;

  /** @param file for messages. */
  constructor(file: string) {
    this.#file = file;
  }

  /** How many fields the line has. */
  get count(): number {
    return this.#starts.length;
  }

  /** Cuts a line at commas; quotes as in RFC 4180, line breaks within them excepted. */
  splitCommas(line: Line): void {
    if (line.bytes.subarray(line.start, line.end).includes(0x22)) {
      this.#takeTexts(line, quoted(line.bytes.toString('utf8', line.start, line.end)));
      return;
    }
    this.#begin(line);
    let from = line.start;
    for (let at = line.start; at <= line.end; at++) {
      if (at < line.end && line.bytes[at] !== 0x2c) continue;
      this.#push(from, at);
      from = at + 1;
    }
  }

  /** Cuts a line at blanks. */
  splitBlanks(line: Line): void {
    this.#begin(line);
    let at = line.start;
    while (at < line.end) {
      while (at < line.end && isBlank(line.bytes[at]!)) at += 1;
      const from = at;
      while (at < line.end && !isBlank(line.bytes[at]!)) at += 1;
      if (at > from) this.#push(from, at);
    }
  }

  /** What the places below are in. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Where a field starts and ends; an empty one when the line is too short. */
  start(field: number): number {
    return this.#starts[field] ?? 0;
  }

  end(field: number): number {
    return this.#ends[field] ?? 0;
  }

  text(field: number): string {
    return this.#bytes.toString('utf8', this.start(field), this.end(field));
  }

  texts(): string[] {
    return this.#starts.map((_, field) => this.text(field));
  }

  isEmpty(field: number): boolean {
    return this.start(field) === this.end(field);
  }

  /**
   * A decimal number.
   * @throws TidewaiterError `E_SCORES_NUMBER` for anything else, also for what is not a number or not finite.
   */
  number(field: number): number {
    const value = decimal(this.#bytes, this.start(field), this.end(field)) ?? this.#slowNumber(field);
    if (Number.isFinite(value)) return value;
    throw this.error(
      'E_SCORES_NUMBER',
      `"${this.text(field)}" is not a finite number`,
      'Leave comparisons without a score out and count them as failures to acquire.',
    );
  }

  /** An error that names file and line. */
  error(code: string, message: string, remedy: string): TidewaiterError {
    return new TidewaiterError(code, `${this.#file}, line ${this.#line}: ${message}`, remedy);
  }

  #slowNumber(field: number): number {
    const text = this.text(field);
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  }

  #begin({ bytes, number }: Line): void {
    this.#bytes = bytes;
    this.#line = number;
    this.#starts.length = 0;
    this.#ends.length = 0;
  }

  #push(start: number, end: number): void {
    let [from, to] = [start, end];
    while (from < to && isBlank(this.#bytes[from]!)) from += 1;
    while (to > from && isBlank(this.#bytes[to - 1]!)) to -= 1;
    this.#starts.push(from);
    this.#ends.push(to);
  }

  #takeTexts(line: Line, texts: readonly string[] | undefined): void {
    this.#begin(line);
    if (texts === undefined)
      throw this.error(
        'E_SCORES_COLUMNS',
        'a quote is not closed on its line',
        'Close it, or leave the quotes out.',
      );
    this.#bytes = Buffer.from(texts.join(''));
    let at = 0;
    for (const text of texts) {
      const length = Buffer.byteLength(text);
      this.#push(at, at + length);
      at += length;
    }
  }
}

const EXACT_DIGITS = 15;
const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * A number of at most 15 digits and 22 decimals: both whole numbers of the quotient are exact, so it is rounded as it
 * should be (W. Clinger, "How to read floating point numbers accurately", 1990). Undefined for other texts.
 */
function decimal(bytes: Buffer, start: number, end: number): number | undefined {
  let at = start;
  const negative = bytes[at] === 0x2d;
  if (negative) at += 1;
  let [digits, value, decimals, point] = [0, 0, 0, false];
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0x2e && !point) point = true;
    else if (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + (byte - 0x30);
      digits += 1;
      if (point) decimals += 1;
    } else return undefined;
  }
  if (digits === 0 || digits > EXACT_DIGITS || decimals >= powers.length) return undefined;
  const number = value / powers[decimals]!;
  return negative ? -number : number;
}

function quoted(line: string): string[] | undefined {
  const texts: string[] = [];
  const field = /\s*(?:"((?:[^"]|"")*)"\s*|([^,"]*))(,|$)/y;
  for (;;) {
    const found = field.exec(line);
    if (found === null) return undefined;
    texts.push(found[1]?.replaceAll('""', '"') ?? (found[2] ?? '').trim());
    if (found[3] !== ',') return texts;
  }
}
