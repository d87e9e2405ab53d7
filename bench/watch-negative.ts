import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { evaluationPermit } from '../src/core/permit.ts';
import { defaultCacheDir } from '../src/models/index.ts';
import { wilsonInterval } from '../src/stats/index.ts';
import { startEngine } from '../src/uses/watch/engine.ts';
import { HealthWatch } from '../src/vision/motion/health.ts';
import { conditions } from '../test/watch/scenes/conditions.ts';
import { faults } from '../test/watch/scenes/faults.ts';
import { Still } from '../test/watch/scenes/night.ts';
import { addNoise, chanceOf } from '../test/watch/scenes/noise.ts';
import { clipRate, readMaterial, type Material } from '../test/watch/scenes/people.ts';
import { playScene, secondsOf, watchSpell, type SpellResult } from '../test/watch/scenes/scene.ts';
import { sharedData } from '../test/needs.ts';
import type { Bench } from './lib/bench.ts';
import { costOf } from './lib/cpu.ts';
import { printTable } from './lib/table.ts';

/** Pixels of the made-up cameras. */
const size = { width: 480, height: 360 };
/** Frames of the clip whose people walk through the scenes: settings were looked at on those before. */
const part = [400, 795] as const;
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
    const engine = await startEngine({ permit: evaluationPermit, cacheDir, threads: 1 });
    try {
      const played = short ? conditions.slice(0, 2) : conditions;
      const seconds = short ? 3 : (hours * 3600) / played.length;
      const walks = short ? material.walks.slice(0, 1) : material.walks;
      const rows = [];
      let [allHours, allFalse] = [0, 0];
      for (const condition of played) {
        const empty: SpellResult[] = [];
        const { cpu } = await costOf(async () => {
          for (let at = 0, seed = 1; at < seconds; at += spellSeconds, seed++) {
            const frames = playScene(material, condition, seed, Math.min(spellSeconds, seconds - at), []);
            empty.push(await watchSpell(frames, size, engine.detector));
          }
        });
        const walking = playScene(material, condition, 1000, short ? 9 : secondsOf(walks), walks);
        const peopled = await watchSpell(walking, size, engine.detector);
        const camera = empty.reduce((sum, one) => sum + one.seconds, 0) / 3600;
        const wrong = empty.reduce((sum, one) => sum + one.falseAlerts, 0);
        allHours += camera;
        allFalse += wrong;
        const { low, high } = wilsonInterval(peopled.found, Math.max(1, peopled.walks));
        rows.push([
          condition.name,
          camera.toFixed(2),
          wrong,
          `${peopled.found} of ${peopled.walks} (${(100 * low).toFixed(0)}-${(100 * high).toFixed(0)} %)`,
          peopled.falseAlerts,
          (empty.reduce((sum, one) => sum + one.windows, 0) / empty.length).toFixed(2),
          (camera / (cpu / 3600)).toFixed(1),
        ]);
      }
      print(
        `${allFalse} false alerts in ${allHours.toFixed(2)} hours of camera time` +
          (allFalse === 0
            ? `: with 95 % certainty fewer than ${(3 / allHours).toFixed(2)} an hour (rule of three).`
            : '.'),
      );
      print('');
      printTable(
        print,
        [
          'condition',
          'hours',
          'false alerts',
          'persons found',
          'false beside persons',
          'windows a frame, nobody there',
          'camera hours an hour of CPU',
        ],
        rows,
      );
      printTable(print, ['fault', 'seconds until told', 'state'], healthRows(material));
    } finally {
      await engine.close();
    }
  },
};

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
