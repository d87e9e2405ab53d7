import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { evaluationPermit } from '../src/core/permit.ts';
import { defaultCacheDir } from '../src/models/index.ts';
import { wilsonInterval } from '../src/stats/index.ts';
import type { Detector } from '../src/uses/watch/camera-watch.ts';
import { startEngine } from '../src/uses/watch/engine.ts';
import { HealthWatch } from '../src/vision/motion/health.ts';
import { conditions, type Condition } from '../test/watch/scenes/conditions.ts';
import { faults } from '../test/watch/scenes/faults.ts';
import { Still } from '../test/watch/scenes/night.ts';
import { addNoise, chanceOf } from '../test/watch/scenes/noise.ts';
import { clipRate, readMaterial, type Material, type Walk } from '../test/watch/scenes/people.ts';
import { playScene, secondsOf, watchSpell, type SpellResult } from '../test/watch/scenes/scene.ts';
import { sharedData } from '../test/needs.ts';
import type { Bench } from './lib/bench.ts';
import { costOf } from './lib/cpu.ts';
import { printTable } from './lib/table.ts';

/** Pixels of the made-up cameras. */
const size = { width: 480, height: 360 };
/** Frames of the clip whose people walk through the scenes: settings were looked at on those before. */
const part = [400, 795] as const;
/** Frames of the clip's rate that make one of the camera's while nobody is there, and while people walk. */
const emptyEvery = clipRate;
const walkingEvery = 2;
/** The same for conditions in which most frames cost many looks: one frame in two seconds. */
const rarely = new Set(['headlights', 'cloud shadows']);
/** Conditions that are played at once: one is drawn while the models look at another. */
const lanes = 3;
/** Walks of each condition. */
const mostWalks = 16;
/** Camera seconds of one spell with nobody; each spell is a camera that starts anew, with a seed of its own. */
const spellSeconds = 300;

/**
 * Made-up weather, light and faults on a real ground: hours without anybody, the same with real people cut out of the
 * annotated clip, and how soon a blind camera is told.
 */
export const bench: Bench = {
  title: 'Watch: negative suite',
  run: async ({ short, hours, print }) => {
    if (!existsSync(sharedData)) {
      print('Not measured: the annotations are not on this machine.');
      print('');
      return;
    }
    const material = await readMaterial(size, part);
    const cacheDir = defaultCacheDir(process.env, homedir());
    const engine = await startEngine({ permit: evaluationPermit, cacheDir, threads: 2 });
    try {
      const played = short ? conditions.slice(0, 2) : conditions;
      const seconds = short ? 3 : (hours * 3600) / played.length;
      const walks = material.walks.slice(0, short ? 1 : mostWalks);
      const open = [...played];
      const done: Played[] = [];
      const work = async (): Promise<void> => {
        for (let next = open.shift(); next !== undefined; next = open.shift())
          done.push(await play(next, material, walks, seconds, engine.detector));
      };
      const { cpu } = await costOf(() => Promise.all(Array.from({ length: lanes }, work)));
      const rows = played.map((condition) => done.find((one) => one.condition === condition)!);
      const sum = (of: (one: Played) => number): number => rows.reduce((total, one) => total + of(one), 0);
      const [allHours, allFalse] = [sum(({ camera }) => camera), sum(({ wrong }) => wrong)];
      print(
        `${allFalse} false alerts in ${allHours.toFixed(2)} hours of camera time` +
          (allFalse === 0
            ? `: with 95 % certainty fewer than ${(3 / allHours).toFixed(2)} an hour (rule of three).`
            : '.'),
      );
      print(
        `Persons found: ${share(
          sum(({ peopled }) => peopled.found),
          sum(({ peopled }) => peopled.walks),
        )}. People walk at ${clipRate / walkingEvery} frames a second; the camera's rate while nobody is there stands in the table.`,
      );
      print(`${(cpu / 60).toFixed(1)} minutes of CPU.`);
      print('');
      printTable(
        print,
        [
          ...['condition', 'hours', 'frames a second', 'false alerts', 'windows a frame, nobody there'],
          ...['persons found', 'false beside persons'],
        ],
        rows.map(({ condition, camera, every, wrong, windows, peopled }) => [
          condition.name,
          camera.toFixed(2),
          clipRate / every,
          wrong,
          windows.toFixed(2),
          share(peopled.found, peopled.walks),
          peopled.falseAlerts,
        ]),
      );
      printTable(print, ['fault', 'seconds until told', 'state'], healthRows(material));
    } finally {
      await engine.close();
    }
  },
};

/** What came of one condition. */
interface Played {
  readonly condition: Condition;
  readonly every: number;
  /** Hours with nobody there, false alerts in them, and windows a frame. */
  readonly camera: number;
  readonly wrong: number;
  readonly windows: number;
  readonly peopled: SpellResult;
}

async function play(
  condition: Condition,
  material: Material,
  walks: readonly Walk[],
  seconds: number,
  detector: Detector,
): Promise<Played> {
  const every = rarely.has(condition.name) ? 2 * emptyEvery : emptyEvery;
  const empty: SpellResult[] = [];
  for (let at = 0, seed = 1; at < seconds; at += spellSeconds, seed++) {
    const frames = playScene(material, condition, seed, Math.min(spellSeconds, seconds - at), [], every);
    empty.push(await watchSpell(frames, size, detector));
  }
  const walking = playScene(material, condition, 1000, secondsOf(walks), walks, walkingEvery);
  return {
    condition,
    every,
    camera: empty.reduce((sum, one) => sum + one.seconds, 0) / 3600,
    wrong: empty.reduce((sum, one) => sum + one.falseAlerts, 0),
    windows: empty.reduce((sum, one) => sum + one.windows, 0) / empty.length,
    peopled: await watchSpell(walking, size, detector),
  };
}

function share(hits: number, n: number): string {
  const { low, high } = wilsonInterval(hits, Math.max(1, n));
  return `${hits} of ${n} (${(100 * low).toFixed(0)}-${(100 * high).toFixed(0)} %)`;
}

/** Seconds from the fault to the state that tells it, for a camera that had been well for a minute. */
function healthRows({ ground }: Material): (string | number)[][] {
  return faults.map(({ name, states, spoil }) => {
    const chance = chanceOf(5);
    const health = new HealthWatch({ width: 240, height: 180 });
    const broken = 60 * clipRate;
    let last: Uint8Array = ground;
    for (let frame = 0; frame < broken + 30 * clipRate; frame++) {
      let pixels: Uint8Array = ground.slice();
      if (frame < broken) addNoise(pixels, size.width * 3, 2, chance);
      else pixels = spoil(pixels, last, size, chance);
      last = pixels;
      const { state } = health.update(new Still(size, pixels).readLuma(240, 180), frame / clipRate);
      if (frame >= broken && states.includes(state))
        return [name, ((frame - broken) / clipRate).toFixed(1), state];
    }
    return [name, 'not within 30', '-'];
  });
}
