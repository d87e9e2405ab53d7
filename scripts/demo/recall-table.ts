import type { ClassRecall } from '../../material/recall.ts';

/** The measures as a table for a terminal. */
export function recallTable(rows: readonly ClassRecall[]): string {
  const header = [
    'class',
    'things',
    'sightings',
    'area covered',
    'sightings covered',
    'things always covered',
  ];
  const cells = [...rows]
    .sort((a, b) => b.sightings - a.sightings)
    .map((row) => [
      row.class,
      String(row.things),
      String(row.sightings),
      percent(row.coveredArea),
      `${row.coveredSightings} (${percent(row.coveredSightings / row.sightings)})`,
      `${row.coveredThings} of ${row.things} (${percent(row.interval.low)} to ${percent(row.interval.high)})`,
    ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  return [header, ...cells]
    .map((line) => `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd())
    .join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
