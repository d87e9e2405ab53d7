import { TidewaiterError } from '../../../core/errors.ts';
import { growing, type Growing } from './growing.ts';
import { readRecords } from './records.ts';

/** What people of one group met: counts, and how long each of their transactions took. */
export class Experience {
  transactions = 0;
  readonly enrolment = { attempts: 0, failures: 0 };
  readonly acquisition = { attempts: 0, failures: 0 };
  readonly satisfaction = { asked: 0, positive: 0 };
  readonly passage = { known: 0, passed: 0 };
  readonly seconds: Growing<Float64Array> = growing.doubles();
}

export interface TransactionFile {
  readonly all: Experience;
  readonly groups: ReadonlyMap<string, Experience>;
  readonly sha256: string;
}

const MOST_GROUPS = 255;
const known = ['group', 'kind', 'acquired', 'seconds', 'satisfied', 'passed'];

/**
 * Reads transactions of people with a capture system, one a row (docs/face-testing.md lists the columns).
 * @throws TidewaiterError as `readRecords`, and `E_SCORES_EMPTY`.
 */
export async function readTransactions(path: string): Promise<TransactionFile> {
  const all = new Experience();
  const groups = new Map<string, Experience>();
  const sha256 = await readRecords(path, { known, needed: ['acquired'] }, (row) => {
    const kind = row.text('kind') === '' ? 'transaction' : row.text('kind');
    if (kind !== 'transaction' && kind !== 'enrolment')
      row.refuse('E_SCORES_TYPE', `"${kind}" is no kind of transaction`, 'Write transaction or enrolment.');
    const acquired = row.flag('acquired');
    if (acquired === undefined) return row.refuse('E_SCORES_TYPE', 'acquired is empty', 'Write yes or no.');
    const seconds = row.number('seconds');
    if (seconds !== undefined && seconds < 0)
      row.refuse('E_SCORES_NUMBER', `${seconds} seconds is no duration`, 'Write how long it took.');
    const name = row.text('group');
    if (name !== '' && !groups.has(name)) {
      if (groups.size === MOST_GROUPS)
        row.refuse('E_SCORES_SUBJECT', `there are more than ${MOST_GROUPS} groups`, 'Give fewer groups.');
      groups.set(name, new Experience());
    }
    const [satisfied, passed] = [row.flag('satisfied'), row.flag('passed')];
    for (const one of [all, groups.get(name)]) {
      if (one === undefined) continue;
      const attempts = kind === 'enrolment' ? one.enrolment : one.acquisition;
      attempts.attempts += 1;
      if (!acquired) attempts.failures += 1;
      if (kind === 'enrolment') continue;
      one.transactions += 1;
      if (seconds !== undefined) one.seconds.push(seconds);
      if (satisfied !== undefined) one.satisfaction.asked += 1;
      if (satisfied === true) one.satisfaction.positive += 1;
      if (passed !== undefined) one.passage.known += 1;
      if (passed === true) one.passage.passed += 1;
    }
  });
  if (all.transactions > 0) return { all, groups, sha256 };
  throw new TidewaiterError(
    'E_SCORES_EMPTY',
    `${path} holds no transactions`,
    'Give a file with transactions.',
  );
}
