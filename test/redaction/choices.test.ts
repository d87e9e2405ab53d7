import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Scene } from '../../material/scene.ts';
import { formatPlan, type RedactionPlan, type Region } from '../../src/uses/redaction/plan.ts';
import { needs } from '../needs.ts';
import { clipFile, groupPhoto, outputsAt, readPlan, workplace } from './clips.ts';
import { difference, greyFrames, toneOf } from './pixels.ts';
import { assertFailed, listing, succeeds, tidewaiter } from './program.ts';
import { lastingFaces, middle, placeOf } from './regions.ts';

const place = workplace();
after(place.remove);

const clip = place.path('body-cam.mp4');
let scene: Scene;
/** What the fast profile plans for the clip when nothing else is asked. */
let usual: RedactionPlan;

before(async () => {
  scene = await groupPhoto();
  await clipFile(scene, clip);
  await succeeds('redact', clip, '-o', place.path('usual'), '--profile', 'fast', '--plan-only');
  usual = readPlan(place.path('usual', 'body-cam.plan.json'));
});

/** Redacts the clip with the fast profile. @returns the paths of output, plan and record. */
async function redacted(folder: string, ...options: string[]): Promise<[string, string, string]> {
  await succeeds('redact', clip, '-o', place.path(folder), '--profile', 'fast', '--no-check', ...options);
  return outputsAt(place.path(folder, 'body-cam'));
}

async function planned(...options: string[]): Promise<RedactionPlan> {
  const [, plan] = await redacted('planned', '--plan-only', '--force', ...options);
  return readPlan(plan);
}

describe('what is chosen', () => {
  test('--keep leaves one person visible', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe')) return;
    const kept = lastingFaces(usual)[0]!;
    const [output, planPath] = await redacted('keep', '--keep', kept.subject!);
    const plan = readPlan(planPath);
    for (const region of plan.regions) {
      const covered = region.subject !== kept.subject && ['face', 'head'].includes(region.class);
      assert.equal(region.redact, covered && region.id !== kept.subject, region.id);
    }
    const [shown, source] = [greyFrames(output), greyFrames(clip)];
    const box = middle(placeOf(kept, scene.times[12]!));
    assert.ok(difference(shown, source, 12, box) < 8);
    assert.ok(toneOf(shown, 12, placeOf(lastingFaces(usual)[1]!, scene.times[12]!)).highest < 30);
  });

  test('--only covers one person, or one region', async () => {
    const { id, subject } = lastingFaces(usual)[0]!;
    const person = await planned('--only', subject!);
    const covered = person.regions.filter(({ redact }) => redact);
    assert.ok(covered.length > 0);
    assert.ok(covered.every((region) => region.subject === subject));
    const loner = usual.regions.find((region) => region.class === 'face' && region.id !== id)!;
    const region = await planned('--only', loner.id);
    assert.deepEqual(
      region.regions.filter(({ redact }) => redact).map((one) => one.id),
      [loner.id],
    );
  });

  test('--keep and --only refuse a name that is not there', async () => {
    const out = place.path('nobody');
    for (const flag of ['--keep', '--only']) {
      const answer = await tidewaiter('redact', clip, '-o', out, '--profile', 'fast', flag, 'person-99');
      assertFailed(answer, 'E_TRACK');
    }
    assert.deepEqual(listing(out), []);
  });

  test('--span, --zone and --box limit and add in time and place', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe')) return;
    const [chosen, other] = lastingFaces(usual);
    const { x, y, width, height } = placeOf(chosen!, 0.8);
    const zone = [x + width / 2 - 2, y + height / 2 - 2, 4, 4].map(Math.round).join(',');
    const [output] = await redacted('limits', '--zone', zone, '--span', '0.6-1.0');
    const [shown, source] = [greyFrames(output), greyFrames(clip)];
    const black = (index: number, region: Region): boolean =>
      toneOf(shown, index, placeOf(region, scene.times[index]!)).highest < 30;
    assert.deepEqual(
      [3, 12, 21].map((index) => black(index, chosen!)),
      [false, true, false],
    );
    assert.deepEqual(
      [3, 12, 21].map((index) => black(index, other!)),
      [false, false, false],
    );
    assert.ok(difference(shown, source, 3, middle(placeOf(chosen!, scene.times[3]!))) < 8);

    const box = { x: 500, y: 300, width: 100, height: 40 };
    const [boxed] = await redacted('boxed', '--box', '500,300,100,40@0.4-0.8', '--classes', 'head');
    const drawn = greyFrames(boxed);
    const dark = scene.times.map((_, index) => toneOf(drawn, index, box).highest < 30);
    assert.deepEqual(
      dark,
      scene.times.map((time) => time > 0.39 && time < 0.81),
    );
  });

  test('a --box that a --span or --zone would never let through is refused', async () => {
    const words = ['redact', clip, '-o', place.path('unseen'), '--profile', 'fast'];
    for (const limit of [
      ['--box', '0,0,50,50@0-0.4', '--span', '0.6-1'],
      ['--box', '0,0,50,50', '--zone', '300,200,100,100'],
    ])
      assertFailed(await tidewaiter(...words, ...limit), 'E_OPTION');
    assert.deepEqual(listing(place.path('unseen')), []);
  });

  test('--outside hides all but a box', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe')) return;
    const [output] = await redacted('outside', '--outside', '160,80,320,200', '--classes', 'head');
    const [shown, source] = [greyFrames(output), greyFrames(clip)];
    for (const index of [0, 12, 23]) {
      assert.ok(difference(shown, source, index, { x: 160, y: 80, width: 320, height: 200 }) < 8);
      for (const box of [
        { x: 0, y: 0, width: 640, height: 80 },
        { x: 0, y: 280, width: 640, height: 80 },
        { x: 0, y: 0, width: 160, height: 360 },
        { x: 480, y: 0, width: 160, height: 360 },
      ])
        assert.ok(toneOf(shown, index, box).highest < 30);
    }
  });

  test('--style and --label change what a mask looks like', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe')) return;
    const [blurred, blurredPlan] = await redacted('blur', '--style', 'face=blur');
    assert.deepEqual(
      new Set(readPlan(blurredPlan).regions.map((region) => `${region.class}=${region.style}`)),
      new Set(usual.regions.map(({ class: name }) => `${name}=${name === 'face' ? 'blur' : 'solid'}`)),
    );
    const box = placeOf(lastingFaces(usual)[0]!, scene.times[12]!);
    const [shown, source] = [greyFrames(blurred), greyFrames(clip)];
    assert.ok(toneOf(shown, 12, box).lowest > 20, 'a blur is not black');
    assert.ok(difference(shown, source, 12, box) > 8, 'a blur hides');

    const [labelled, labelledPlan] = await redacted('label', '--label', 'reason', '--reasons', 'foia-us');
    const plan = readPlan(labelledPlan);
    for (const region of plan.regions.filter(({ class: name }) => name === 'face'))
      assert.deepEqual([region.label, region.reason], ['(b)(6)', '(b)(6)']);
    const mask = placeOf(lastingFaces(plan)[0]!, scene.times[12]!);
    const tone = toneOf(greyFrames(labelled), 12, mask);
    assert.ok(tone.highest > 150 && tone.lowest < 30 && tone.mean < 100, JSON.stringify(tone));
  });

  test('a release refuses styles that can be undone or hide nothing, in options and in plans', async () => {
    const out = place.path('release');
    const release = ['redact', clip, '-o', out, '--profile', 'public-release'];
    for (const style of ['blur-inside', 'mosaic-inside', 'outline', 'face=blur-inside'])
      assertFailed(await tidewaiter(...release, '--style', style), 'E_STYLE_REVERSIBLE');
    const path = place.path('reversible.json');
    const regions = usual.regions.map((region): Region => ({ ...region, style: 'mosaic-inside' }));
    writeFileSync(path, formatPlan({ ...usual, profile: 'public-release', regions }));
    assertFailed(await tidewaiter(...release, '--plan', path), 'E_STYLE_REVERSIBLE');
    assert.deepEqual(listing(out), []);
  });
});
