import { Random } from '../src/core/random.ts';
import type { Comparisons } from '../src/stats/biometric/comparisons.ts';
import { normalQuantile } from '../src/stats/distributions.ts';

/** A made-up face test whose truth is known: nobody real is in it. */
export interface ClusteredTest {
  readonly seed: string;
  readonly groups: number;
  readonly subjects: number;
  readonly matedPerSubject: number;
  /** Comparisons of each group with others of the same group, between subjects drawn at random. */
  readonly nonmated: number;
  /** True false match rate of the groups that are alike, at the threshold 0. */
  readonly fmr: number;
  /** How many times that is the rate of the last group; 1 for a fair test. */
  readonly ratio: number;
  /** True false non-match rate of all groups, at the threshold 0. */
  readonly fnmr: number;
  /** Standard deviation of what is peculiar to a subject, where that of a score is 1; 0 makes comparisons independent. */
  readonly subjectEffect: number;
}

/**
 * Scores are normal with standard deviation 1: part of each is peculiar to the subject, or to each of the two subjects, as
 * some people are easily mistaken for others (G. Doddington et al., "Sheep, goats, lambs and wolves", 1998).
 */
export function clusteredTest(test: ClusteredTest): Comparisons {
  const random = new Random(test.seed);
  const perGroup = test.subjects * test.matedPerSubject + test.nonmated;
  const rows = perGroup * test.groups;
  const columns = {
    scores: new Float64Array(rows),
    mated: new Uint8Array(rows),
    probe: new Uint32Array(rows),
    reference: new Uint32Array(rows),
    group: new Uint8Array(rows),
  };
  let row = 0;
  const add = (kind: 0 | 1, group: number, probe: number, reference: number, score: number): void => {
    columns.scores[row] = score;
    columns.mated[row] = kind;
    columns.probe[row] = group * test.subjects + probe;
    columns.reference[row] = group * test.subjects + reference;
    columns.group[row] = group;
    row += 1;
  };
  const shared = test.subjectEffect;
  const matedNoise = Math.sqrt(1 - shared ** 2);
  const nonmatedNoise = Math.sqrt(1 - 2 * shared ** 2);
  for (let group = 0; group < test.groups; group++) {
    const rate = group === test.groups - 1 ? test.fmr * test.ratio : test.fmr;
    const [matedMean, nonmatedMean] = [-normalQuantile(test.fnmr), normalQuantile(rate)];
    const easy = Float64Array.from({ length: test.subjects }, () => shared * random.normal());
    for (let subject = 0; subject < test.subjects; subject++) {
      const own = matedMean + shared * random.normal();
      for (let n = 0; n < test.matedPerSubject; n++)
        add(1, group, subject, subject, own + matedNoise * random.normal());
    }
    for (let n = 0; n < test.nonmated; n++) {
      const a = random.integer(test.subjects);
      const b = (a + 1 + random.integer(test.subjects - 1)) % test.subjects;
      add(0, group, a, b, nonmatedMean + easy[a]! + easy[b]! + nonmatedNoise * random.normal());
    }
  }
  const { group } = columns;
  return {
    scores: columns.scores,
    mated: columns.mated,
    subjects: { count: test.groups * test.subjects, probe: columns.probe, reference: columns.reference },
    groups: {
      names: Array.from({ length: test.groups }, (_, index) => String.fromCharCode(65 + index)),
      probe: group,
      reference: group,
    },
  };
}
