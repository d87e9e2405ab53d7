import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, describe, test, type TestContext } from 'node:test';
import { clipFolder, ffmpeg } from '../../../../test/media-clips.ts';
import { needs } from '../../../../test/needs.ts';
import { plan, region } from '../../../../test/redaction-plan.ts';
import { openPicture } from '../../../media/picture/index.ts';
import { openVideo } from '../../../media/video/index.ts';
import type { RedactionPlan, Region } from '../plan.ts';
import { renderStill } from '../still.ts';
import { RegionTimeline } from '../timeline.ts';
import { renderClip } from '../video.ts';
import { FillCheck } from './fill.ts';

const clips = clipFolder();
after(clips.remove);
const clip = clips.path('test.mp4');
const turned = clips.path('turned.mp4');
const deep = clips.path('deep.mkv');
const still = clips.path('still.png');
let outputs = 0;

const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10:duration=1.2'];
const tenBits = ['-c:v', 'libx265', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p10le'];

/** Makes the clips that all tests share, unless that was done already; they cannot be made without ffmpeg. */
function ready(t: TestContext): boolean {
  if (!needs(t, 'ffmpeg')) return false;
  if (existsSync(still)) return true;
  ffmpeg(...source, '-pix_fmt', 'yuv420p', clip);
  ffmpeg('-i', clip, '-c', 'copy', '-metadata:s:v', 'rotate=90', turned);
  ffmpeg(...source, ...tenBits, deep);
  ffmpeg('-i', clip, '-frames:v', '1', still);
  return true;
}

/** A region that moves through the picture for nearly all of the clip. */
function moving(changes: Partial<Region> = {}): Region {
  return region({
    start: 0.1,
    end: 1,
    keyframes: [
      [0.1, 40.3, 30.7, 61.5, 48.2],
      [1, 150.1, 80.2, 70.3, 52.9],
    ],
    ...changes,
  });
}

function planOf(regions: Region[], changes: Partial<RedactionPlan> = {}): RedactionPlan {
  const { source, ...rest } = plan(changes);
  return { ...rest, source: { ...source, width: 320, height: 180, duration: 1.2 }, regions };
}

async function rendered(input: string, drawn: RedactionPlan, crf = 23): Promise<string> {
  outputs += 1;
  const output = clips.path(`out-${outputs}.${input.endsWith('mkv') ? 'mkv' : 'mp4'}`);
  const plan = { ...drawn, output: { ...drawn.output, crf } };
  await renderClip({ input, output, plan, allowDamage: false }, {});
  return output;
}

/** Tests the fills of a plan in a video. */
async function fillsIn(path: string, tested: RedactionPlan): Promise<FillCheck> {
  const fills = new FillCheck(tested);
  const timeline = new RegionTimeline(tested);
  const reader = await openVideo(path);
  for await (const frame of reader.frames())
    fills.look(frame.surface()!, timeline.at(frame.time), frame.time);
  return fills;
}

describe('solid fills', () => {
  for (const crf of [18, 40]) {
    for (const shape of ['box', 'ellipse'] as const) {
      test(`a mask that was drawn as ${shape} is there at quality ${crf}`, async (t) => {
        if (!ready(t)) return;
        const drawn = planOf([moving({ shape, color: [200, 30, 60] })]);
        const { counts } = await fillsIn(await rendered(clip, drawn, crf), drawn);
        assert.deepEqual(counts, { tested: 10, missing: 0 });
      });
    }
  }

  test('labels do not make a fill a missing one', async (t) => {
    if (!ready(t)) return;
    for (const label of ['face', '(b)(7)(C)']) {
      const drawn = planOf([moving({ label })]);
      const { counts } = await fillsIn(await rendered(clip, drawn, 30), drawn);
      assert.deepEqual(counts, { tested: 10, missing: 0 });
    }
  });

  test('a labelled mask of another colour is missed', async (t) => {
    if (!ready(t)) return;
    const output = await rendered(clip, planOf([moving({ label: 'face', color: [90, 90, 90] })]));
    const { counts } = await fillsIn(output, planOf([moving({ label: 'face' })]));
    assert.deepEqual(counts, { tested: 10, missing: 10 });
  });

  test('what is not drawn, drawn beside its place or drawn in another colour is missed', async (t) => {
    if (!ready(t)) return;
    const wanted = planOf([moving()]);
    const beside = moving({
      keyframes: moving().keyframes.map(([time, x, y, w, h]) => [time, x + 40, y, w, h]),
    });
    for (const drawn of [[], [beside], [moving({ color: [0, 0, 255] })]]) {
      const { counts, missing } = await fillsIn(await rendered(clip, planOf(drawn)), wanted);
      assert.deepEqual(counts, { tested: 10, missing: 10 });
      assert.equal(missing.length, 1);
      assert.deepEqual([missing[0]?.start, missing[0]?.end, missing[0]?.frames], [0.1, 1, 10]);
    }
  });

  test('a mask that is missing for some frames is told with their times', async (t) => {
    if (!ready(t)) return;
    const output = await rendered(clip, planOf([moving({ end: 0.5 })]));
    const { missing } = await fillsIn(output, planOf([moving({ id: 'face-1' })]));
    assert.deepEqual(
      missing.map(({ place, start, end, frames }) => [place.region.id, start, end, frames]),
      [['face-1', 0.6, 1, 5]],
    );
  });

  test('later masks over earlier ones, and what lies outside of windows, are tested as they are drawn', async (t) => {
    if (!ready(t)) return;
    const over = region({
      id: 'box-1',
      start: 0,
      end: 2,
      color: [0, 255, 0],
      keyframes: [[0, 60, 40, 60, 60]],
    });
    const drawn = planOf([moving(), over], {
      keepOnly: { boxes: [[50, 20, 200, 120]], style: 'solid' },
    });
    const { counts } = await fillsIn(await rendered(clip, drawn), drawn);
    assert.equal(counts.missing, 0);
    assert.ok(counts.tested >= 20);
  });

  test('what lies outside of windows and was not hidden is missed', async (t) => {
    if (!ready(t)) return;
    const wanted = planOf([], { keepOnly: { boxes: [[50, 20, 200, 120]], style: 'solid' } });
    const hidden = await fillsIn(await rendered(clip, wanted), wanted);
    assert.deepEqual(hidden.counts, { tested: 12, missing: 0 });
    const { counts, missing } = await fillsIn(clip, wanted);
    assert.deepEqual(counts, { tested: 12, missing: 12 });
    assert.equal(missing[0]?.place.region.class, 'outside');
  });

  test('in MKV, which rounds times, the ends of a region are left out', async (t) => {
    if (!ready(t)) return;
    const drawn = planOf([moving()], { output: { container: 'mkv' } });
    assert.deepEqual((await fillsIn(await rendered(deep, drawn), drawn)).counts, { tested: 8, missing: 0 });
  });

  test('turned pictures and ten bits', async (t) => {
    if (!ready(t)) return;
    for (const input of [turned, deep]) {
      const asShown = ({ source, ...rest }: RedactionPlan): RedactionPlan => ({
        ...rest,
        source: input === turned ? { ...source, width: 180, height: 320 } : source,
      });
      const drawn = asShown(planOf([moving({ label: 'face', color: [255, 255, 255] })]));
      const output = await rendered(input, drawn);
      assert.deepEqual((await fillsIn(output, drawn)).counts, { tested: 10, missing: 0 });
      const other = asShown(planOf([moving({ label: 'face', color: [255, 0, 0] })]));
      assert.deepEqual((await fillsIn(output, other)).counts, { tested: 10, missing: 10 });
    }
  });

  test('a picture', async (t) => {
    if (!ready(t)) return;
    const drawn = planOf([region({ keyframes: [[0, 50, 40, 40, 60]], color: [255, 0, 0] })]);
    const output = clips.path('still.jpg');
    await renderStill(
      { input: still, output, plan: { ...drawn, output: { container: 'jpg' } }, allowDamage: false },
      {},
    );
    for (const [path, missing] of [
      [output, 0],
      [still, 1],
    ] as const) {
      const fills = new FillCheck(drawn);
      fills.look((await openPicture(path)).surface, new RegionTimeline(drawn).at(0), 0);
      assert.deepEqual(fills.counts, { tested: 1, missing });
    }
  });
});

describe('fills made of what surrounds them', () => {
  for (const style of ['blur', 'pixelate'] as const) {
    test(`${style} is there when it was drawn, and missed when it was not`, async (t) => {
      if (!ready(t)) return;
      const drawn = planOf([
        moving({ style, label: 'face' }),
        moving({ id: 'face-2', keyframes: [[0, 200, 20, 50, 50]] }),
      ]);
      const { counts } = await fillsIn(await rendered(clip, drawn, 28), drawn);
      assert.deepEqual(counts, { tested: 20, missing: 0 });
      const bare = await fillsIn(clip, planOf([moving({ style })]));
      assert.deepEqual(bare.counts, { tested: 10, missing: 10 });
      // The usual effects, made of what they cover, are no such fill either.
      const inside = style === 'blur' ? 'blur-inside' : 'mosaic-inside';
      const reversible = await fillsIn(
        await rendered(clip, planOf([moving({ style: inside })])),
        planOf([moving({ style })]),
      );
      assert.ok(reversible.counts.missing >= 8, `${reversible.counts.missing} of 10`);
    });
  }

  test('styles without a fill of their own are not tested', async (t) => {
    if (!ready(t)) return;
    const styles = ['outline', 'blur-inside', 'mosaic-inside'] as const;
    const regions = styles.map((style, index) => moving({ id: `face-${index}`, style }));
    assert.deepEqual((await fillsIn(clip, planOf(regions))).counts, { tested: 0, missing: 0 });
  });
});
