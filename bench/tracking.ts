import { existsSync } from 'node:fs';
import { clearMot, hota, identityScores, alignSequences, type AlignedSequence } from '../src/stats/index.ts';
import {
  readReferenceTracks,
  readSequence,
  trackBothWays,
  trackOnline,
  type MotSequence,
} from '../test/mot-sequences.ts';
import { sharedData } from '../test/needs.ts';
import type { Bench } from './lib/bench.ts';
import { printTable } from './lib/table.ts';

/**
 * How well the trackers follow people in public sequences from public detections, with detection on every frame and on
 * every third. Settings were chosen on PETS09-S2L1 alone; the reference is a tracker's output that is published for the
 * TUD sequences.
 */
export const bench: Bench = {
  title: 'Tracking: public sequences from public detections',
  run: async ({ short, print }) => {
    if (!existsSync(sharedData)) {
      print('Not measured: the sequences are not on this machine.');
      print('');
      return;
    }
    const names = short ? ['TUD-Campus'] : ['PETS09-S2L1', 'TUD-Campus', 'TUD-Stadtmitte'];
    const sequences = names.map(readSequence);
    const held = sequences.filter(({ name }) => name.startsWith('TUD'));
    printTable(
      print,
      [
        ...[
          'sequence',
          'tracker',
          'detections',
          'HOTA',
          'DetA',
          'AssA',
          'MOTA',
          'IDF1',
          'switches',
          'breaks',
        ],
        'CPU ms/frame',
      ],
      [...sequences.flatMap(rowsOf), ...(held.length > 1 ? pooledRows(held) : [])],
    );
  },
};

type Row = (string | number)[];

function rowsOf(sequence: MotSequence): Row[] {
  const { name } = sequence;
  if (!name.startsWith('TUD')) return ownRows(name, [sequence]);
  return [row([name, 'reference', 'its own'], [referenceOf(sequence)]), ...ownRows(name, [sequence])];
}

function pooledRows(sequences: readonly MotSequence[]): Row[] {
  const name = 'TUD pooled';
  return [row([name, 'reference', 'its own'], sequences.map(referenceOf)), ...ownRows(name, sequences)];
}

/** Boxes that fit best rather than cover most, and, as for the online tracker, three detections to be believed. */
const measured = { smoothing: 'smooth', minBestScore: Infinity, minDetections: 3 } as const;

function referenceOf(sequence: MotSequence): AlignedSequence {
  return alignSequences(sequence.truth, readReferenceTracks(sequence.name));
}

function ownRows(name: string, sequences: readonly MotSequence[]): Row[] {
  const frames = sequences.reduce((sum, sequence) => sum + sequence.frames, 0);
  const trackers = [
    ['online', (sequence: MotSequence, step: number): AlignedSequence => trackOnline(sequence, step)],
    ['two-way', (sequence: MotSequence, step: number) => trackBothWays(sequence, step, measured)],
  ] as const;
  return trackers.flatMap(([label, track]) =>
    [1, 3].map((step) => {
      const before = process.cpuUsage();
      const aligned = sequences.map((sequence) => track(sequence, step));
      const { user, system } = process.cpuUsage(before);
      const detections = step === 1 ? 'every frame' : 'every 3rd';
      return row([name, label, detections], aligned, (user + system) / 1000 / frames);
    }),
  );
}

function row(cells: readonly string[], aligned: readonly AlignedSequence[], milliseconds?: number): Row {
  const percent = (value: number): string => (100 * value).toFixed(1);
  const order = hota(aligned);
  const clear = clearMot(aligned);
  return [
    ...cells,
    percent(order.hota),
    percent(order.detA),
    percent(order.assA),
    percent(clear.mota),
    percent(identityScores(aligned).idf1),
    clear.identitySwitches,
    clear.fragmentations,
    milliseconds === undefined ? '-' : milliseconds.toFixed(2),
  ];
}
