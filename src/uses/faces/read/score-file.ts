import type { Comparisons } from '../../../stats/biometric/comparisons.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { Fields } from './fields.ts';
import { readLines, type Line } from './lines.ts';
import { ListRows } from './list-rows.ts';
import { TableRows } from './table-rows.ts';

/** Scores of probes whose capture had a quality within 0..100, or {@link NOT_ASSESSED}; as long as the scores. */
export interface QualityColumn {
  readonly component: string;
  readonly values: Uint8Array;
}

/** What a file of scores, or a pair of lists, was found to hold. */
export interface ScoreFile {
  readonly comparisons: Comparisons;
  readonly format: ScoreFormat;
  /** Of each file that was read, in the order given. */
  readonly sha256: readonly string[];
  readonly quality: readonly QualityColumn[];
  /** A comment line of the file says so. */
  readonly simulated: boolean;
  /** Rows that equal an earlier one, where rows have no id. Two captures may score alike, so they are counted only. */
  readonly repeatedRows: number;
}

/** A table with a header; lines of label and score; lists of scores, mated and non-mated. */
export type ScoreFormat = 'table' | 'labelled' | 'lists';

/** What takes the rows of one format. */
export interface Rows {
  take(fields: Fields, line: Line): void;
  /** Where commas, not blanks, part the fields. */
  readonly commas: boolean;
}

/**
 * Reads comparison scores into columns, in memory that grows with 18 to 35 bytes a row.
 * @param path a table (docs/face-testing.md lists its columns), lines `label score`, or a list of mated scores.
 * @param nonmated a list of non-mated scores, when `path` is a list.
 * @throws TidewaiterError `E_SCORES_FILE`, `E_SCORES_COLUMNS`, `E_SCORES_NUMBER`, `E_SCORES_TYPE`, `E_SCORES_SUBJECT`,
 *   `E_SCORES_REPEATED`, `E_SCORES_CLASS`, `E_SCORES_EMPTY`.
 */
export async function readScores(path: string, nonmated?: string): Promise<ScoreFile> {
  const lists = nonmated === undefined ? undefined : new ListRows(1);
  let rows: (Rows & { finish(path: string): Promise<Omit<ScoreFile, 'sha256' | 'simulated'>> }) | undefined =
    lists;
  let simulated = false;
  const read = (file: string): Promise<string> => {
    const fields = new Fields(file);
    return readLines(file, (line) => {
      if (line.bytes[line.start] === 0x23) {
        simulated ||= /\bsimulated\b/i.test(line.bytes.toString('utf8', line.start, line.end));
        return;
      }
      if (rows === undefined) {
        rows = rowsFor(fields, line);
        if (rows instanceof TableRows) return;
      }
      if (rows.commas) fields.splitCommas(line);
      else fields.splitBlanks(line);
      rows.take(fields, line);
    });
  };
  const sha256 = [await read(path)];
  if (lists !== undefined && nonmated !== undefined) {
    lists.kind = 0;
    sha256.push(await read(nonmated));
  }
  if (rows === undefined)
    throw new TidewaiterError('E_SCORES_EMPTY', `${path} holds no scores`, 'Give a file with comparisons.');
  const found = await rows.finish(path);
  checkClasses(found.comparisons, path);
  return { ...found, sha256, simulated };
}

/** A header has a column called `score`; lines of two fields have a label; there is no third way to tell who is mated. */
function rowsFor(fields: Fields, line: Line): TableRows | ListRows {
  fields.splitCommas(line);
  const header = fields.texts();
  if (header.includes('score')) return new TableRows(fields);
  if (header.length === 1) {
    fields.splitBlanks(line);
    const [label, ...rest] = fields.texts();
    if (rest.length === 1 && /^[+-]?[01](\.0*)?$/.test(label ?? '')) return new ListRows(undefined);
  }
  throw fields.error(
    'E_SCORES_COLUMNS',
    'there is neither a header with the columns type and score, nor a label before each score',
    'Name the columns in the first line, or give a list of mated scores with --nonmated FILE.',
  );
}

function checkClasses({ mated }: Comparisons, path: string): void {
  const count = mated.reduce((sum, one) => sum + one, 0);
  if (mated.length === 0)
    throw new TidewaiterError('E_SCORES_EMPTY', `${path} holds no scores`, 'Give a file with comparisons.');
  if (count > 0 && count < mated.length) return;
  throw new TidewaiterError(
    'E_SCORES_CLASS',
    `${path} holds ${count === 0 ? 'non-mated' : 'mated'} comparisons only`,
    'Give comparisons of both kinds: no error rate can be set against the other without them.',
  );
}
