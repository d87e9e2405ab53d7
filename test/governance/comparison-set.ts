import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import sharp from 'sharp';
import { Random } from '../../src/core/random.ts';
import { publicKeyPem } from '../../src/core/signing-key.ts';
import { planSchema } from '../../src/governance/acceptance/plan.ts';
import { seal } from '../../src/governance/acceptance/lab.ts';
import { newKey, type TestLab } from './acceptance-lab.ts';

/** Stamps, not people: squares of random brightness that are looked at twice, each time with noise. */
export const SIDE = 24;
const CELLS = 6;
export const MATED = 24;
export const NONMATED = 36;
/** Pairs of two stamps that share most cells: whoever correlates takes one for the other. */
export const LOOK_ALIKES = 2;
/** Second looks at a stamp of which most cells are worn off: whoever correlates does not know it again. */
export const WORN = 2;

type Stamp = readonly number[];

/** Files of a set of comparisons whose right and wrong answers are known by how it is drawn, and its folder of a lab. */
export async function sealedStamps(t: TestContext, more: object = {}): Promise<TestLab> {
  const dir = await mkdtemp(join(tmpdir(), 'tidewaiter-stamps-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const [set, lab, key] = [join(dir, 'set'), join(dir, 'lab'), newKey()];
  await mkdir(set);
  const random = new Random('stamps');
  const drawn = (): Stamp => Array.from({ length: CELLS * CELLS }, () => random.between(20, 235));
  const changed = (stamp: Stamp, share: number): Stamp =>
    stamp.map((cell, at) => (at < share * stamp.length ? random.between(20, 235) : cell));
  const look = async (stamp: Stamp, name: string): Promise<string> => {
    const cell = SIDE / CELLS;
    const bytes = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
      const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
      const bright = stamp[Math.floor(y / cell) * CELLS + Math.floor(x / cell)] ?? 0;
      return Math.max(0, Math.min(255, Math.round(bright + 12 * random.normal())));
    });
    await sharp(bytes, { raw: { width: SIDE, height: SIDE, channels: 1 } })
      .png()
      .toFile(join(set, name));
    return name;
  };
  const items = [];
  for (let at = 0; at < MATED; at++) {
    const stamp = drawn();
    const again = at < WORN ? changed(stamp, 0.8) : stamp;
    const probe = await look(stamp, `stamp-${at}-a.png`);
    items.push({
      probe,
      reference: await look(again, `${at < WORN ? 'worn' : 'stamp'}-${at}-b.png`),
      mated: true,
    });
  }
  for (let at = 0; at < NONMATED; at++) {
    const stamp = drawn();
    const other = at < LOOK_ALIKES ? changed(stamp, 0.1) : drawn();
    const probe = await look(stamp, `stamp-${at}-c.png`);
    items.push({ probe, reference: await look(other, `stamp-${at}-d.png`), mated: false });
  }
  await writeFile(
    join(set, 'set.json'),
    JSON.stringify({ schema: 1, name: 'stamps', kind: 'comparison', items }),
  );
  const plan = planSchema.parse({
    ...{ schema: 1, use: 'lanes', kind: 'comparison', threshold: 0.6, simulated: true },
    sample: { mated: MATED, nonmated: NONMATED },
    goals: [
      { measure: 'fmr', atMost: 0.2 },
      { measure: 'fnmr', atMost: 0.3 },
    ],
    ...more,
  });
  await seal({ setFolder: set, lab, plan, key, admitted: null, now: new Date() });
  return { dir, set, lab, key, publicKey: publicKeyPem(key.publicKey) };
}
