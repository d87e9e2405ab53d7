import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { evaluationPermit } from '../src/core/permit.ts';
import { defaultCacheDir } from '../src/models/index.ts';
import { clearMot, hota, identityScores, parseMot, wilsonInterval } from '../src/stats/index.ts';
import { InferencePool } from '../src/vision/inference-pool.ts';
import { evaluateWatch } from '../src/uses/watch/evaluate/evaluate.ts';
import { lowestScore, trackingFromTud } from '../src/uses/watch/tuning.ts';
import { ffmpeg } from '../test/media-clips.ts';
import { readSequence, trackOnline } from '../test/mot-sequences.ts';
import { pedestrianClip, sharedData } from '../test/needs.ts';
import type { Bench } from './lib/bench.ts';
import { costOf } from './lib/cpu.ts';
import { printTable } from './lib/table.ts';
import { reportZones, tuningZones, watchSite } from './lib/watch-zones.ts';

/**
 * The watch on PETS09-S2L1 with its own detector: zone entries in zones that no setting was chosen on, boxes, tracks, and
 * CPU beside a bare inference of the same run; and the tracker on public detections, fixed on the TUD sequences.
 */
export const bench: Bench = {
  title: 'Watch: zone entries, detection, tracking, CPU',
  run: async ({ short, folder, print }) => {
    if (!existsSync(sharedData)) {
      print('Not measured: the annotations are not on this machine.');
      print('');
      return;
    }
    printPublic(print);
    const cacheDir = defaultCacheDir(process.env, homedir());
    const bare = await bareInference(cacheDir, short ? 5 : 100);
    print(`One bare inference of the detector: ${bare.toFixed(1)} ms CPU.`);
    print(`Zones for choosing: ${tuningZones.join(', ')}; reported: ${reportZones.join(', ')}.`);
    print('');
    const half = join(folder, 'half.mp4');
    const first = join(folder, 'first.mp4');
    ffmpeg('-i', pedestrianClip, '-vf', 'scale=384:288', '-c:v', 'libx264', '-crf', '14', half);
    if (short) ffmpeg('-i', pedestrianClip, '-frames:v', '12', '-c:v', 'libx264', '-crf', '14', first);
    const clips = short
      ? ([['12 frames', first, 1, 1]] as const)
      : ([
          ['every frame', pedestrianClip, 1, 1],
          ['every 2nd frame', pedestrianClip, 2, 1],
          ['half resolution', half, 1, 0.5],
        ] as const);
    const rows = [];
    for (const [name, input, every, scale] of clips)
      rows.push(await rowOf(name, input, every, scale, cacheDir, bare));
    printTable(
      print,
      [
        ...['frames', 'entries: precision', 'recall', 'duplicates per entry', 'false'],
        ...['boxes: precision', 'recall', 'HOTA', 'MOTA', 'IDF1', 'CPU ms/frame', 'in bare inferences'],
      ],
      rows,
    );
  },
};

const percent = (value: number): string => (100 * value).toFixed(1);

function share(hits: number, n: number): string {
  const { low, high } = wilsonInterval(hits, n);
  return `${percent(hits / n)} % of ${n} (${percent(low)}-${percent(high)})`;
}

async function rowOf(
  name: string,
  input: string,
  every: number,
  scale: number,
  cacheDir: string,
  bare: number,
): Promise<(string | number)[]> {
  const text = readFileSync(join(sharedData, 'watch/PETS09-S2L1/gt.txt'), 'utf8');
  const truth = parseMot(text).map(({ box: { x, y, width, height }, ...row }) => ({
    ...row,
    box: { x: x * scale, y: y * scale, width: width * scale, height: height * scale },
  }));
  const { camera, calendar } = watchSite();
  const engine = { permit: evaluationPermit, cacheDir, threads: 2 };
  const task = { input, camera, calendar, engine, start: 0, rate: 7, every, budget: 10 };
  const { scorecard, summary } = await evaluateWatch(task, truth);
  const { detection, tracking, entries } = scorecard;
  const reported = reportZones.map((zone) => entries.byRule[zone]!);
  const sum = (key: 'truth' | 'alerts' | 'matched' | 'duplicates' | 'falseAlerts'): number =>
    reported.reduce((total, one) => total + one[key], 0);
  return [
    name,
    share(sum('matched'), sum('alerts')),
    share(sum('matched'), sum('truth')),
    (sum('duplicates') / sum('truth')).toFixed(3),
    sum('falseAlerts'),
    share(detection.precision.hits, detection.precision.n),
    share(detection.recall.hits, detection.recall.n),
    percent(tracking.hota),
    percent(tracking.mota),
    percent(tracking.idf1),
    summary.cpuPerFrame.toFixed(0),
    (summary.cpuPerFrame / bare).toFixed(1),
  ];
}

/** CPU milliseconds of one inference alone, with nothing before or after it. */
async function bareInference(cacheDir: string, runs: number): Promise<number> {
  const models = [{ id: 'coco-ssdlite', threshold: lowestScore }];
  const settings = { models, permit: evaluationPermit, now: new Date(), use: 'watch', cacheDir, threads: 1 };
  const pool = await InferencePool.start(settings);
  const look = (): Promise<unknown> =>
    pool.detect('coco-ssdlite', { width: 300, height: 300, data: pool.takeBuffer(300 * 300 * 3) });
  try {
    await look();
    const { cpu } = await costOf(async () => {
      for (let run = 0; run < runs; run++) await look();
    });
    return (1000 * cpu) / runs;
  } finally {
    await pool.close();
  }
}

function printPublic(print: (line: string) => void): void {
  const names = ['PETS09-S2L1', 'TUD-Campus', 'TUD-Stadtmitte'];
  const aligned = names.map((name) => trackOnline(readSequence(name), 1, trackingFromTud));
  const groups = [
    ['PETS09-S2L1', aligned.slice(0, 1)],
    ['TUD (settings chosen here)', aligned.slice(1)],
    ['all pooled', aligned],
  ] as const;
  printTable(
    print,
    ['public detections', 'HOTA', 'MOTA', 'IDF1', 'identities', 'true'],
    groups.map(([name, sequences]) => [
      name,
      percent(hota(sequences).hota),
      percent(clearMot(sequences).mota),
      percent(identityScores(sequences).idf1),
      sequences.reduce((total, { trackedIds }) => total + trackedIds, 0),
      sequences.reduce((total, { truthIds }) => total + truthIds, 0),
    ]),
  );
}
