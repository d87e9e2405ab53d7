import type { Day } from '../charters/days.ts';

/** A date as exactly as it was written: `2020` is all of that year. */
export interface LooseDate {
  readonly first: Day;
  readonly last: Day;
  readonly precision: 'day' | 'month' | 'year';
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A time of day that spreadsheets add and that says nothing. */
const time = String.raw`(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?)?`;

const patterns: readonly [RegExp, (...parts: string[]) => LooseDate | undefined][] = [
  // 2025-09-08, 2025-09-08 00:00:00
  [
    new RegExp(`^(\\d{4})-(\\d{1,2})-(\\d{1,2})${time}$`, 'i'),
    (year, month, day) => dayDate(year, month, day),
  ],
  // 1/30/2026, 01/01/2018 00:00:00, 9/11/2024 0:00, 09/24/2024 12:00:00 AM: month first, as in the United States
  [
    new RegExp(`^(\\d{1,2})/(\\d{1,2})/(\\d{2}|\\d{4})${time}$`, 'i'),
    (month, day, year) => dayDate(year, month, day),
  ],
  // 01/2008
  [/^(\d{1,2})\/(\d{4})$/, (month, year) => monthDate(year, month)],
  // 2024-09
  [/^(\d{4})-(\d{1,2})$/, (year, month) => monthDate(year, month)],
  // Sep-23, September 2023: as a spreadsheet shows a month
  [/^([a-z]{3,9})\.?[- ,]+(\d{2}|\d{4})$/i, (name, year) => monthDate(year, monthNumber(name))],
  // March 3, 2023
  [/^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})$/i, (name, day, year) => dayDate(year, monthNumber(name), day)],
  // 2020
  [/^(\d{4})$/, (year) => yearDate(year)],
];

/** Reads a date in any of the patterns that the federal inventories hold; undefined for anything else. */
export function readDate(text: string): LooseDate | undefined {
  for (const [pattern, make] of patterns) {
    const match = pattern.exec(text.trim());
    if (match !== null) return make(...match.slice(1));
  }
  return undefined;
}

/** Two digits are a year of 1970 to 2069: no AI in an inventory is older, and plans end earlier. */
function fullYear(year: string | undefined): number {
  const number = Number(year);
  if (year?.length !== 2) return number;
  return number < 70 ? 2000 + number : 1900 + number;
}

function monthNumber(name: string | undefined): string {
  const at = months.indexOf((name ?? '').slice(0, 3).toLowerCase());
  return String(at + 1);
}

function iso(year: number, month: number, day: number): Day | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real && year >= 1950 && year < 2100 ? date.toISOString().slice(0, 10) : undefined;
}

/**
 * A year typed into a cell that shows dates becomes a day of 1905: spreadsheets count days from the end of 1899, and day
 * 2023 is 15 July 1905.
 */
function yearTakenForDay(year: number, month: number, day: number): LooseDate | undefined {
  const count = (Date.UTC(year, month - 1, day) - Date.UTC(1899, 11, 30)) / 86_400_000;
  return yearDate(String(count));
}

function dayDate(year?: string, month?: string, day?: string): LooseDate | undefined {
  if (year === '1905') return yearTakenForDay(1905, Number(month), Number(day));
  const first = iso(fullYear(year), Number(month), Number(day));
  return first === undefined ? undefined : { first, last: first, precision: 'day' };
}

function monthDate(year?: string, month?: string): LooseDate | undefined {
  const [full, number] = [fullYear(year), Number(month)];
  const first = iso(full, number, 1);
  const last = iso(full, number, new Date(Date.UTC(full, number, 0)).getUTCDate());
  return first === undefined || last === undefined ? undefined : { first, last, precision: 'month' };
}

function yearDate(year?: string): LooseDate | undefined {
  const [first, last] = [iso(Number(year), 1, 1), iso(Number(year), 12, 31)];
  return first === undefined || last === undefined ? undefined : { first, last, precision: 'year' };
}
