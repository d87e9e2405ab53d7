import { packagePhotos } from '../material/faces.ts';
import { Random } from '../src/core/random.ts';
import { bootstrapInterval, wilsonInterval, type Interval } from '../src/stats/index.ts';
import type { Bench } from './lib/bench.ts';
import { obfuscations, type Obfuscation } from './lib/reidentification/obfuscations.ts';
import { Recogniser } from './lib/reidentification/recogniser.ts';
import { cutHeads } from './lib/reidentification/scene.ts';
import { greatestChange } from './lib/reidentification/swap.ts';
import { attacks, runTrials, type Hits } from './lib/reidentification/trials.ts';
import { printTable, verdict } from './lib/table.ts';

/** Level at which a rate is told apart from chance, before it is shared among the attacks on one claim. */
const error = 0.05;

/**
 * Whether people are recognised behind each style: the share of probes whose nearest entry in a gallery is the right
 * person, of 22. Probe and gallery have different surroundings and the attacker sees masked pixels only; the gallery is
 * turned, rescaled, brightened and compressed, and either clear or hidden like the probe (McPherson et al. 2016).
 */
export const bench: Bench = {
  title: 'Re-identification: who is behind the mask',
  run: async ({ short, print }) => {
    const heads = await cutHeads(packagePhotos);
    const recogniser = await Recogniser.open();
    const counts = short ? { rounds: 1, probes: 1, gallery: 1 } : { rounds: 20, probes: 2, gallery: 3 };
    const hits = await runTrials(heads, obfuscations, counts, recogniser);
    await recogniser.close();
    const changes = await greatestChange(heads, obfuscations, short ? 1 : 10);
    const trials = heads.length * counts.rounds * counts.probes;
    const chance = 1 / heads.length;
    print(
      `Rank-1 rates of ${heads.length} persons, ${trials} trials for each figure in ${counts.rounds} galleries of ` +
        `${heads.length * counts.gallery}; chance is ${chance.toFixed(3)}. Intervals are 95 %, the wider of Wilson's and ` +
        `a bootstrap over persons; what is told from chance is judged at ${error}, shared among all attacks on ` +
        `styles called irreversible.`,
    );
    print('');
    printTable(
      print,
      [
        ...['style', 'called', ...attacks.map(({ trace, gallery }) => `${trace}, gallery ${gallery}`)],
        ...['told from chance', 'change when the person is another', 'as called'],
      ],
      obfuscations.map((obfuscation, index) => row(obfuscation, hits[index]!, changes[index]!, chance)),
    );
  },
};

function row({ name, kind }: Obfuscation, hits: readonly Hits[], change: number, chance: number): string[] {
  const told = hits.some((each) => differsFrom(chance, each));
  return [
    ...[name, kind],
    ...hits.map((each) => `${mean(each.flat()).toFixed(3)} (${interval(each, 0.95)})`),
    ...[told ? 'yes' : 'no', `${change} of 255`],
    kind === 'irreversible' ? verdict(!told && change === 0) : '-',
  ];
}

function differsFrom(chance: number, hits: Hits): boolean {
  const claims = obfuscations.filter(({ kind }) => kind === 'irreversible').length * attacks.length;
  const { low, high } = bounds(hits, 1 - error / claims);
  return chance < low || chance > high;
}

function interval(hits: Hits, confidence: number): string {
  const { low, high } = bounds(hits, confidence);
  return `${low.toFixed(3)}-${high.toFixed(3)}`;
}

/**
 * Persons differ, so whole persons are resampled; but a bootstrap that saw few hits says too little about none, so the
 * interval of independent trials bounds it from within.
 */
function bounds(hits: Hits, confidence: number): Interval {
  const random = new Random('intervals');
  const resampled = bootstrapInterval(hits.map(mean), mean, { random, resamples: 10_000, confidence });
  const trials = hits.flat();
  const independent = wilsonInterval(trials.filter((hit) => hit === 1).length, trials.length, confidence);
  return {
    low: Math.min(resampled.low, independent.low),
    high: Math.max(resampled.high, independent.high),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
