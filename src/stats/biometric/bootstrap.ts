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

/** Replicates that share a number: each has 17 bits of its 53 exact ones, so that one multiplication serves three. */
const SHARE = 3;
const BITS = 2 ** 17;
/** Numbers for a subject, and replicates that are summed in one pass over the pairs. */
const WORDS = 5;
const LANES = WORDS * SHARE;

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
    const partners = new Partners(pairs, this.#weights);
    for (let subject = 0; subject < groupOf.length; subject++) {
      const own = groupOf[subject]!;
      const end = groups[own]!.first + groups[own]!.subjects;
      const last = pairs.rows[subject + 1]!;
      let at = pairs.rows[subject]!;
      for (const to of [own, groups.length]) {
        at = partners.sum(at, last, to === own ? end : Infinity);
        for (let lane = 0; lane < LANES; lane++) {
          const weight = this.#weights[subject * LANES + lane]!;
          this.#nonmated[to * LANES + lane]! += weight * partners.seen[lane]!;
          this.#falseMatches[to * LANES + lane]! += weight * partners.wrong[lane]!;
        }
      }
    }
  }
}

/** Sums the weights of partners over runs of pairs: nine tenths of the work of a large test. */
class Partners {
  /** Of the last run, for each replicate: weighted comparisons and false matches. */
  readonly seen = new Float64Array(LANES);
  readonly wrong = new Float64Array(LANES);
  readonly #pairs: SubjectTally['pairs'];
  /** Weights, three to a number. */
  readonly #packed: Float64Array;
  /** Comparisons that may be summed before a replicate could run into its neighbour's bits. */
  readonly #room: number;
  readonly #wrongPacked = new Float64Array(WORDS);

  constructor(pairs: SubjectTally['pairs'], weights: Uint8Array) {
    this.#pairs = pairs;
    const subjects = weights.length / LANES;
    this.#packed = new Float64Array(subjects * WORDS);
    let largest = 1;
    for (let at = 0; at < weights.length; at++) {
      const weight = weights[at]!;
      if (weight > largest) largest = weight;
      this.#packed[Math.floor(at / SHARE)]! += weight * BITS ** (at % SHARE);
    }
    this.#room = Math.floor((BITS - 1) / largest);
  }

  /**
   * Sums from pair `at` up to pair `last`, or to the first partner that is not below `end`.
   * @returns the pair after those.
   */
  sum(at: number, last: number, end: number): number {
    const { partner, comparisons, falseMatches } = this.#pairs;
    const packed = this.#packed;
    this.seen.fill(0);
    this.wrong.fill(0);
    while (at < last && partner[at]! < end) {
      let room = this.#room;
      let [a, b, c, d, e] = [0, 0, 0, 0, 0];
      for (; at < last && partner[at]! < end; at++) {
        const n = comparisons[at]!;
        room -= n;
        if (room < 0) break;
        const from = partner[at]! * WORDS;
        a += n * packed[from]!;
        b += n * packed[from + 1]!;
        c += n * packed[from + 2]!;
        d += n * packed[from + 3]!;
        e += n * packed[from + 4]!;
        const k = falseMatches[at]!;
        if (k > 0)
          for (let word = 0; word < WORDS; word++) this.#wrongPacked[word]! += k * packed[from + word]!;
      }
      [a, b, c, d, e].forEach((sum, word) => unpack(sum, word, this.seen));
      this.#wrongPacked.forEach((sum, word) => unpack(sum, word, this.wrong));
      this.#wrongPacked.fill(0);
      // A pair with more comparisons than there is room for at all.
      if (at < last && comparisons[at]! > this.#room && partner[at]! < end) {
        const own = new Float64Array(LANES);
        for (let word = 0; word < WORDS; word++) unpack(packed[partner[at]! * WORDS + word]!, word, own);
        for (let lane = 0; lane < LANES; lane++) {
          this.seen[lane]! += comparisons[at]! * own[lane]!;
          this.wrong[lane]! += falseMatches[at]! * own[lane]!;
        }
        at += 1;
      }
    }
    return at;
  }
}

/** Adds the three sums that share a number. */
function unpack(sum: number, word: number, to: Float64Array): void {
  for (let share = 0; share < SHARE; share++) {
    to[word * SHARE + share]! += sum % BITS;
    sum = Math.floor(sum / BITS);
  }
}
