import { Random } from '../../core/random.ts';
import type { SubjectTally } from './tally.ts';

/** Error rates in each replicate. A rate of no comparisons is not a number. */
export interface BootstrapRates {
  readonly replicates: number;
  /** Of each group, non-mated within it only. */
  readonly groups: readonly { readonly fmr: Float64Array; readonly fnmr: Float64Array }[];
  /** Of all comparisons, those between groups included. */
  readonly all: { readonly fmr: Float64Array; readonly fnmr: Float64Array };
}

export interface SubjectBootstrapOptions {
  readonly seed: string;
  readonly replicates: number;
}

/** Replicates whose weights are summed in one pass over the pairs. */
const LANES = 16;

/**
 * Resamples subjects within their groups, and counts a mated comparison as often as its subject was drawn, a non-mated one
 * as often as both of its subjects were: the two-way bootstrap, which errs to the wide side (A. B. Owen, "The pigeonhole
 * bootstrap", Annals of Applied Statistics 1(2), 2007; J. Schuckers, "Computational Methods in Biometric Authentication",
 * 2010). The threshold stays. Every replicate has a stream of random numbers of its own, named by seed and number.
 */
export function bootstrapRates(
  tally: SubjectTally,
  { seed, replicates }: SubjectBootstrapOptions,
): BootstrapRates {
  const rates = (): { fmr: Float64Array; fnmr: Float64Array } => ({
    fmr: new Float64Array(replicates),
    fnmr: new Float64Array(replicates),
  });
  const groups = tally.groups.map(rates);
  const all = rates();
  const sums = new Sums(tally);
  for (let from = 0; from < replicates; from += LANES) {
    const lanes = Math.min(LANES, replicates - from);
    sums.draw(Array.from({ length: lanes }, (_, lane) => new Random(`${seed}/${from + lane}`)));
    for (let lane = 0; lane < lanes; lane++) {
      const of = sums.rates(lane);
      [all.fmr[from + lane], all.fnmr[from + lane]] = of(undefined);
      for (const [group, { fmr, fnmr }] of groups.entries())
        [fmr[from + lane], fnmr[from + lane]] = of(group);
    }
  }
  return { replicates, groups, all };
}

/** Weighted sums of one block of replicates; the last row of the non-mated ones is what lies between groups. */
class Sums {
  readonly #tally: SubjectTally;
  readonly #weights: Uint8Array;
  readonly #nonmated: Float64Array;
  readonly #falseMatches: Float64Array;
  readonly #mated: Float64Array;
  readonly #falseNonMatches: Float64Array;

  constructor(tally: SubjectTally) {
    this.#tally = tally;
    this.#weights = new Uint8Array(tally.groupOf.length * LANES);
    const rows = (tally.groups.length + 1) * LANES;
    this.#nonmated = new Float64Array(rows);
    this.#falseMatches = new Float64Array(rows);
    this.#mated = new Float64Array(rows);
    this.#falseNonMatches = new Float64Array(rows);
  }

  draw(random: readonly Random[]): void {
    this.#weights.fill(0);
    for (const sum of [this.#nonmated, this.#falseMatches, this.#mated, this.#falseNonMatches]) sum.fill(0);
    for (const [lane, one] of random.entries())
      for (const { first, subjects } of this.#tally.groups)
        for (let draw = 0; draw < subjects; draw++)
          this.#weights[(first + one.integer(subjects)) * LANES + lane]! += 1;
    this.#sumMated();
    this.#sumPairs();
  }

  rates(lane: number): (group: number | undefined) => [fmr: number, fnmr: number] {
    const rows = this.#tally.groups.length + 1;
    const total = (sum: Float64Array): number => {
      let all = 0;
      for (let row = 0; row < rows; row++) all += sum[row * LANES + lane]!;
      return all;
    };
    return (group) => {
      const value = (sum: Float64Array): number =>
        group === undefined ? total(sum) : sum[group * LANES + lane]!;
      return [
        value(this.#falseMatches) / value(this.#nonmated),
        value(this.#falseNonMatches) / value(this.#mated),
      ];
    };
  }

  #sumMated(): void {
    const { groupOf, mated, falseNonMatches } = this.#tally;
    for (let subject = 0; subject < groupOf.length; subject++) {
      const to = groupOf[subject]! * LANES;
      for (let lane = 0; lane < LANES; lane++) {
        const weight = this.#weights[subject * LANES + lane]!;
        this.#mated[to + lane]! += weight * mated[subject]!;
        this.#falseNonMatches[to + lane]! += weight * falseNonMatches[subject]!;
      }
    }
  }

  /** For each subject first the partners' weights are summed, which is one multiplication less for every pair. */
  #sumPairs(): void {
    const { groups, groupOf, pairs } = this.#tally;
    const seen = new Float64Array(LANES);
    const wrong = new Float64Array(LANES);
    for (let subject = 0; subject < groupOf.length; subject++) {
      const own = groupOf[subject]!;
      const end = groups[own]!.first + groups[own]!.subjects;
      const last = pairs.rows[subject + 1]!;
      let at = pairs.rows[subject]!;
      for (const to of [own, groups.length]) {
        seen.fill(0);
        wrong.fill(0);
        for (; at < last && (to !== own || pairs.partner[at]! < end); at++) this.#add(at, seen, wrong);
        for (let lane = 0; lane < LANES; lane++) {
          const weight = this.#weights[subject * LANES + lane]!;
          this.#nonmated[to * LANES + lane]! += weight * seen[lane]!;
          this.#falseMatches[to * LANES + lane]! += weight * wrong[lane]!;
        }
      }
    }
  }

  #add(pair: number, seen: Float64Array, wrong: Float64Array): void {
    const { partner, comparisons, falseMatches } = this.#tally.pairs;
    const weights = this.#weights;
    const from = partner[pair]! * LANES;
    const [n, k] = [comparisons[pair]!, falseMatches[pair]!];
    for (let lane = 0; lane < LANES; lane++) seen[lane]! += n * weights[from + lane]!;
    if (k > 0) for (let lane = 0; lane < LANES; lane++) wrong[lane]! += k * weights[from + lane]!;
  }
}
