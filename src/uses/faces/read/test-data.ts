import { basename } from 'node:path';
import { TidewaiterError } from '../../../core/errors.ts';
import type { TestData } from '../report/compute.ts';
import type { TestPlan } from '../../../governance/faces/plan.ts';
import type { FaceTestClaims } from '../../../governance/faces/schema.ts';
import { readScores } from './score-file.ts';
import { readSearches } from './searches.ts';
import { readTransactions } from './transactions.ts';

/** Files of a test. */
export interface TestFiles {
  readonly scores: string;
  readonly nonmated?: string | undefined;
  readonly transactions?: string | undefined;
  readonly searches?: string | undefined;
}

export interface ReadTest {
  readonly data: TestData;
  readonly inputs: FaceTestClaims['inputs'];
}

/** Reads all files of a test. @throws TidewaiterError as the readers, and `E_TEST_PLAN` for searches without a plan for them. */
export async function readTest(files: TestFiles, plan: TestPlan): Promise<ReadTest> {
  const scores = await readScores(files.scores, files.nonmated);
  const transactions =
    files.transactions === undefined ? undefined : await readTransactions(files.transactions);
  const found =
    files.searches === undefined ? undefined : await readSearches(files.searches, listLength(plan));
  const input = (
    role: FaceTestClaims['inputs'][number]['role'],
    file: string | undefined,
    sha256: string | undefined,
  ): FaceTestClaims['inputs'] =>
    file === undefined || sha256 === undefined ? [] : [{ role, file: basename(file), sha256 }];
  return {
    data: { scores, transactions, searches: found?.searches },
    inputs: [
      ...input('scores', files.scores, scores.sha256[0]),
      ...input('nonmated', files.nonmated, scores.sha256[1]),
      ...input('transactions', files.transactions, transactions?.sha256),
      ...input('searches', files.searches, found?.sha256),
    ],
  };
}

function listLength({ identification }: TestPlan): number {
  if (identification !== undefined) return identification.listLength;
  throw new TidewaiterError(
    'E_TEST_PLAN',
    'The plan does not say how large the gallery is and how long a list is looked at',
    'Add identification with gallery and listLength to the plan.',
  );
}
