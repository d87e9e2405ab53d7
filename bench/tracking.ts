import { clearMot, hota, identityScores, alignSequences, type AlignedSequence } from '../src/stats/index.ts';
import {
  readReferenceTracks,
  readSequence,
  trackBothWays,
  trackOnline,
  type MotSequence,
} from '../test/mot-sequences.ts';

/**
 * Prints how well the trackers follow people in public sequences from public detections, with detection on every frame
 * and on every third. Settings were chosen on PETS09-S2L1 alone; the reference is a tracker's output that is published
 * for the TUD sequences. Needs the shared test data.
 */
function main(): void {
  const names = ['PETS09-S2L1', 'TUD-Campus', 'TUD-Stadtmitte'];
  const sequences = names.map(readSequence);
  console.log(
    '| sequence | tracker | detections | HOTA | DetA | AssA | MOTA | IDF1 | switches | breaks | CPU ms/frame |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|---|');
  for (const sequence of sequences) {
    if (sequence.name !== 'PETS09-S2L1')
      report([sequence.name], 'reference', 'its own', [referenceOf(sequence)]);
    reportOwn([sequence]);
  }
  const held = sequences.slice(1);
  report(['TUD pooled'], 'reference', 'its own', held.map(referenceOf));
  reportOwn(held);
}

/** Boxes that fit best rather than cover most, and, as for the online tracker, three detections to be believed. */
const measured = { smoothing: 'smooth', minBestScore: Infinity, minDetections: 3 } as const;

function referenceOf(sequence: MotSequence): AlignedSequence {
  return alignSequences(sequence.truth, readReferenceTracks(sequence.name));
}

function reportOwn(sequences: readonly MotSequence[]): void {
  const name = sequences.length > 1 ? 'TUD pooled' : sequences[0]!.name;
  const frames = sequences.reduce((sum, sequence) => sum + sequence.frames, 0);
  for (const [label, track] of [
    ['online', (sequence: MotSequence, step: number): AlignedSequence => trackOnline(sequence, step)],
    ['two-way', (sequence: MotSequence, step: number) => trackBothWays(sequence, step, measured)],
  ] as const) {
    for (const step of [1, 3]) {
      const before = process.cpuUsage();
      const aligned = sequences.map((sequence) => track(sequence, step));
      const { user, system } = process.cpuUsage(before);
      report(
        [name],
        label,
        step === 1 ? 'every frame' : 'every 3rd',
        aligned,
        (user + system) / 1000 / frames,
      );
    }
  }
}

function report(
  cells: readonly string[],
  tracker: string,
  detections: string,
  aligned: readonly AlignedSequence[],
  milliseconds?: number,
): void {
  const percent = (value: number): string => (100 * value).toFixed(1);
  const order = hota(aligned);
  const clear = clearMot(aligned);
  const row = [
    ...cells,
    tracker,
    detections,
    percent(order.hota),
    percent(order.detA),
    percent(order.assA),
    percent(clear.mota),
    percent(identityScores(aligned).idf1),
    String(clear.identitySwitches),
    String(clear.fragmentations),
    milliseconds === undefined ? '-' : milliseconds.toFixed(2),
  ];
  console.log(`| ${row.join(' | ')} |`);
}

main();
