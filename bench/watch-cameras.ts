import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { evaluationPermit } from '../src/core/permit.ts';
import { openVideo } from '../src/media/video/index.ts';
import { defaultCacheDir } from '../src/models/index.ts';
import { CameraWatch } from '../src/uses/watch/camera-watch.ts';
import { startEngine, type Engine } from '../src/uses/watch/engine.ts';
import { watchCamera } from '../src/uses/watch/live.ts';
import { MotionGate } from '../src/vision/motion/gate.ts';
import { canServe, startRtspServer } from '../material/rtsp/server.ts';
import { ffmpeg } from '../test/media-clips.ts';
import { pedestrianClip } from '../test/needs.ts';
import { descendants } from '../test/redaction/program.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { costOf } from './lib/cpu.ts';
import { cpuOf } from './lib/process-cpu.ts';
import { printTable, verdict } from './lib/table.ts';
import { watchSite } from './lib/watch-zones.ts';

/**
 * A camera that is measured, in another size and rate: the pedestrian clip (`busy`), its scene without people under noise
 * (`parked`: two cars stand there, and are looked at again once a second), or the part of that without the cars (`idle`).
 */
interface Kind {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly shows: 'idle' | 'parked' | 'busy';
}

const kinds: readonly Kind[] = [
  { width: 1920, height: 1080, fps: 15 },
  { width: 640, height: 360, fps: 10 },
].flatMap((picture) => (['idle', 'parked', 'busy'] as const).map((shows) => ({ ...picture, shows })));

const nameOf = ({ width, height, fps, shows }: Kind): string => `${width}x${height}@${fps} ${shows}`;

/**
 * What watching costs beside decoding alone, stage by stage, and how many cameras a core bears beside the limit, which is
 * decoding and bare inferences; all in the same run.
 */
export const bench: Bench = {
  title: 'Watch: cost of cameras',
  run: async (context) => {
    const { short, print } = context;
    const engine = await startEngine({ permit: evaluationPermit, cacheDir: cacheDir(), threads: 1 });
    const measured: Measured[] = [];
    try {
      const bare = await bareInference(engine, short ? 5 : 100);
      print(`One bare inference of the detector: ${(1000 * bare).toFixed(1)} ms CPU.`);
      print('');
      for (const kind of short ? kinds.slice(3) : kinds)
        measured.push(await stagesOf(context, kind, engine, bare));
    } finally {
      await engine.close();
    }
    printStages(print, measured);
    if (!canServe) {
      print('Live cameras: not measured, the RTSP stand-in needs GStreamer.');
      print('');
      return;
    }
    const rows = [];
    for (const one of measured) rows.push(await liveRow(context, one));
    printTable(
      print,
      [
        'live camera',
        'decode only, % of a core',
        'watched, % of a core',
        'ratio',
        '<= 1.3',
        'cameras at once',
        'oldest frame, s',
        '<= 1',
      ],
      rows,
    );
    print(
      'Decode only: the same source and decoder in a process of its own. The stand-in that encodes the cameras runs on the same machine, and is not counted.',
    );
    print('');
  },
};

const cacheDir = (): string => defaultCacheDir(process.env, homedir());

/** Processor seconds of each stage for a second of a camera. */
interface Measured {
  readonly kind: Kind;
  readonly decode: number;
  readonly gate: number;
  readonly inference: number;
  readonly all: number;
  readonly windows: number;
  readonly frames: string;
}

async function stagesOf(
  { short, folder }: BenchContext,
  kind: Kind,
  engine: Engine,
  bare: number,
): Promise<Measured> {
  const { width, height, fps, shows } = kind;
  const busy = shows === 'busy';
  const place = join(folder, nameOf(kind).replaceAll(/\W/g, '-'));
  mkdirSync(place);
  const [clip, frames] = [join(place, 'clip.mp4'), join(place, '%05d.jpg')];
  // A camera runs for days: what is compiled while it runs, and the scene, are known. The clip of people is no longer than it is.
  const learning = (short || busy ? 10 : 60) * fps;
  const count = String(learning + (short ? 40 : 500));
  const input = busy ? ['-i', pedestrianClip] : ['-loop', '1', '-i', join(place, 'still.png')];
  // Nobody is there: the middle of 39 pictures, of which each has people in other places.
  const empty = String.raw`select=not(mod(n\,20)),tmedian=radius=19`;
  if (!busy) ffmpeg('-i', pedestrianClip, '-vf', empty, '-frames:v', '1', join(place, 'still.png'));
  const part = shows === 'idle' ? 'crop=624:464:0:112,' : '';
  const filter = `${part}scale=${width}:${height}${busy ? '' : ',noise=alls=3:allf=t'}`;
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '50'];
  ffmpeg('-r', String(fps), ...input, '-frames:v', count, '-vf', filter, '-r', String(fps), ...coding, clip);
  ffmpeg('-i', clip, '-frames:v', short ? '40' : '150', '-q:v', '3', frames);
  const picture = { width, height };
  /** Processor seconds for a second of camera, once the background is learned. */
  const read = async (look: (frame: Frame, time: number) => Promise<void> | void): Promise<number> => {
    const reader = await openVideo(clip);
    let [frame, began] = [0, process.cpuUsage()];
    for await (const one of reader.frames({ threads: 1 })) {
      if (frame === learning) began = process.cpuUsage();
      await look(one, frame / fps);
      frame++;
    }
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e6 / ((frame - learning) / fps);
  };
  const decode = await read(() => undefined);
  const gate = new MotionGate(picture);
  const gated = await read((frame, time) => void gate.look(frame, time));
  const { camera, calendar } = watchSite();
  const watch = new CameraWatch({ camera, calendar, picture, detector: engine.detector, budget: 10 });
  let [windows, counted] = [0, 0];
  const all = await read(async (source, time) => {
    const at = time * 1000;
    const looked = await watch.look({ source, time, at, captured: at, decoded: at, now: () => at });
    if (time < learning / fps) return;
    windows += looked.windows;
    counted++;
  });
  windows /= counted / fps;
  return { kind, decode, gate: gated - decode, inference: windows * bare, all, windows, frames };
}

type Frame = Parameters<MotionGate['look']>[0];

/** Processor seconds of one inference alone. */
async function bareInference({ detector }: Engine, runs: number): Promise<number> {
  const source = { width: 300, height: 300, readRgb: () => undefined, readLuma: () => new Uint8Array(1) };
  const look = () => detector.look(source, [{ x: 0, y: 0, width: 300, height: 300 }]);
  await look();
  const { cpu } = await costOf(async () => {
    for (let run = 0; run < runs; run++) await look();
  });
  return cpu / runs;
}

function printStages(print: (line: string) => void, measured: readonly Measured[]): void {
  const ms = (seconds: number): string => (1000 * seconds).toFixed(1);
  printTable(
    print,
    [
      ...[
        'CPU ms for a second of camera',
        'decode',
        'motion gate',
        'bare inferences',
        'windows/s',
        'the rest',
        'all',
      ],
      ...['cameras per core', 'limit', 'of the limit', '>= 0.8'],
    ],
    measured.map(({ kind, decode, gate, inference, windows, all }) => {
      const share = (decode + inference) / all;
      return [
        ...[
          nameOf(kind),
          ms(decode),
          ms(gate),
          ms(inference),
          windows.toFixed(1),
          ms(all - decode - gate - inference),
          ms(all),
        ],
        ...[
          (1 / all).toFixed(1),
          (1 / (decode + inference)).toFixed(1),
          share.toFixed(2),
          verdict(share >= 0.8),
        ],
      ];
    }),
  );
}

async function liveRow(
  { short }: BenchContext,
  { kind, all, frames }: Measured,
): Promise<(string | number)[]> {
  const { width, height, fps, shows } = kind;
  const server = await startRtspServer({ mounts: { '/camera': { width, height, fps, frames } } });
  const url = server.url('/camera');
  const seconds = short ? 5 : 60;
  try {
    const child = fork(new URL('./lib/decode-only.ts', import.meta.url), [url]);
    await sleep(short ? 4000 : 20_000);
    const decode = await shareOf([child.pid ?? 0], seconds);
    child.kill();
    const watched = await watchSome(url, 1, seconds, short);
    // A tenth is left for what a moment brings.
    const many = short ? 2 : Math.max(1, Math.floor((0.9 * availableParallelism()) / all));
    const { oldest } = await watchSome(url, many, seconds, short);
    const ratio = watched.share / decode;
    return [
      ...[nameOf(kind), (100 * decode).toFixed(1), (100 * watched.share).toFixed(1), ratio.toFixed(2)],
      ...[
        shows === 'idle' ? verdict(ratio <= 1.3) : '-',
        many,
        (oldest / 1000).toFixed(2),
        verdict(oldest <= 1000),
      ],
    ];
  } finally {
    await server.stop();
  }
}

/** Watches a camera so many times at once. @returns the share of a core that each took, and the age of the oldest frame, ms. */
async function watchSome(
  url: string,
  count: number,
  seconds: number,
  short: boolean,
): Promise<{ readonly share: number; readonly oldest: number }> {
  const { camera, calendar } = watchSite();
  const engine = { permit: evaluationPermit, cacheDir: cacheDir(), threads: 1 };
  const frames = { perSecond: 1, width: 16 };
  const ending = new AbortController();
  const before = new Set(descendants(process.pid));
  let [counts, oldest] = [false, 0];
  const runs = Array.from({ length: count }, () =>
    watchCamera(
      { source: { url }, camera, calendar, engine, budget: 10, frames },
      {
        signal: ending.signal,
        onFrame: ({ at }) => {
          if (counts) oldest = Math.max(oldest, Date.now() - at);
        },
      },
    ),
  );
  // Until the background is learned.
  await sleep((short ? 6000 : 30_000) + count * 1000);
  counts = true;
  const own = descendants(process.pid).filter((pid) => !before.has(pid));
  const share = (await shareOf(own, seconds)) / count;
  ending.abort();
  await Promise.allSettled(runs);
  return { share, oldest };
}

/** Share of a core that processes take together. */
async function shareOf(pids: readonly number[], seconds: number): Promise<number> {
  const sum = (): number => pids.reduce((total, pid) => total + cpuOf(pid), 0);
  const [before, from] = [sum(), performance.now()];
  await sleep(seconds * 1000);
  return (sum() - before) / ((performance.now() - from) / 1000);
}
