import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatTime } from '../../core/time.ts';
import { csv } from '../../report/csv.ts';
import type { BatchItem } from './batch.ts';
import { pathsFor, unfinished } from './outputs.ts';
import type { RedactionRecord } from './record/schema.ts';

/** The list of all files of a folder run, beside their outputs. */
export const summaryFileName = 'tidewaiter-summary.csv';

const header = [
  'input',
  'state',
  'check',
  'leaks',
  'doubts',
  'output',
  'record',
  'frames',
  'duration',
  'regions_covered',
  'regions_visible',
  'error_code',
  'error',
];

/** Writes what became of each file of a run: one row a file, those of earlier runs that were kept too. */
export async function writeSummary(folder: string, items: readonly BatchItem[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, summaryFileName);
  const partial = unfinished(path);
  await writeFile(partial, csv(header, items.map(row)));
  await rename(partial, path);
}

function row(item: BatchItem): (string | number | undefined)[] {
  if (item.state === 'failed') {
    const { code, message } = item.error;
    return [item.input, 'failed', ...Array<undefined>(9), code, message];
  }
  const record = item.state === 'kept' ? item.record : item.outcome.record;
  return [
    item.input,
    item.state,
    ...(record === undefined ? Array<undefined>(9) : recordCells(record, item.output)),
    undefined,
    undefined,
  ];
}

function recordCells(record: RedactionRecord, output: string): (string | number | undefined)[] {
  const { check, regions, source } = record;
  const count = (level: 'leak' | 'doubt'): number | undefined =>
    check?.findings.filter((finding) => finding.level === level).length;
  const sum = (key: 'covered' | 'visible'): number =>
    Object.values(regions).reduce((total, counts) => total + counts[key], 0);
  return [
    check?.status ?? 'not checked',
    count('leak'),
    count('doubt'),
    output,
    pathsFor(output).record,
    record.frames,
    source.kind === 'video' ? formatTime(source.duration) : undefined,
    sum('covered'),
    sum('visible'),
  ];
}
