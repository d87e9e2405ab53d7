/** Rows of a Markdown table, its head first. */
export function tableLines(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** Prints a Markdown table with an empty line after it. */
export function printTable(
  print: (line: string) => void,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  for (const line of tableLines(head, rows)) print(line);
  print('');
}

/** `yes` or `no`, for a column that says whether a limit is kept. */
export function verdict(kept: boolean): string {
  return kept ? 'yes' : '**no**';
}
