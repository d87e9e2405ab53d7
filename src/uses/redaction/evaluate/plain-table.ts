import type { Table } from './table.ts';

/** The table in columns of equal width, for a terminal. */
export function plainTable({ title, head, rows }: Table): string[] {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd();
  return [title, line(head), ...rows.map(line)];
}
