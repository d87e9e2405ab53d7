import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { writePicture } from '../../material/pictures.ts';
import type { Scene } from '../../material/scene.ts';
import type { PixelBox } from '../../src/core/box.ts';
import { sha256 } from '../../src/core/digest.ts';
import { formatPlan, type RedactionPlan, type Region } from '../../src/uses/redaction/plan.ts';
import { ffprobe, frameTimes } from '../media-clips.ts';
import { needs } from '../needs.ts';
import { clipFile, emptyLane, groupPhoto, outputsAt, readPlan, readRecordFile, workplace } from './clips.ts';
import { exiftool } from './exiftool.ts';
import { difference, greyFrames, toneOf } from './pixels.ts';
import { assertFailed, jsonLines, listing, succeeds, tidewaiter } from './program.ts';
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

/** Faces that the scene is known to show, without those that the edge of the picture cuts off. */
function facesIn(frame: number): PixelBox[] {
  const things = scene.truth(frame).filter((thing) => thing.class === 'face' && thing.occludedShare < 0.25);
  return things.map(({ box }) => box);
}

describe('one video', () => {
  test('gives the output, its plan and its record, all stamped', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'exiftool')) return;
    const out = place.path('one');
    const answer = await tidewaiter('redact', clip, '-o', out, '--profile', 'fast', '--json');
    assert.equal(answer.stderr, '');
    assert.deepEqual(listing(out), [
      'body-cam.exemptions.csv',
      'body-cam.plan.json',
      'body-cam.record.json',
      'body-cam.record.pdf',
      'body-cam.redacted.mp4',
      'tidewaiter-chain.jsonl',
    ]);
    const [output, planPath, recordPath] = outputsAt(place.path('one', 'body-cam'));

    const lines = jsonLines(answer);
    const result = lines.at(-1)!;
    assert.deepEqual([...new Set(lines.map(({ event }) => event))], ['progress', 'result']);
    assert.deepEqual(
      [...new Set(lines.slice(0, -1).map((line) => line['stage']))],
      ['analyse', 'render', 'check'],
    );
    assert.deepEqual(
      [result['output'], result['plan'], result['record'], result['stamp']],
      [output, planPath, recordPath, 'EVALUATION'],
    );

    const record = readRecordFile(recordPath);
    const plan = readPlan(planPath);
    assert.deepEqual([record.stamp, plan.stamp], ['EVALUATION', 'EVALUATION']);
    assert.equal(answer.code, record.check?.status === 'clean' ? 0 : 1, answer.stdout);
    assert.equal(record.check?.frames.decoded, scene.times.length);
    assert.equal(record.frames, scene.times.length);
    assert.equal(record.source.sha256, sha256(readFileSync(clip)));
    assert.equal(record.output.sha256, sha256(readFileSync(output)));
    assert.equal(record.plan.sha256, sha256(readFileSync(planPath)));
    const { format } = ffprobe(output, '-show_entries', 'format_tags') as unknown as {
      format: { tags: Record<string, string> };
    };
    assert.equal(format.tags['comment'], 'EVALUATION');
    assert.ok(Object.values(exiftool(output)).includes('EVALUATION'));

    assert.deepEqual(frameTimes(output), frameTimes(clip));
    const shown = greyFrames(output);
    const source = greyFrames(clip);
    for (const [index, time] of scene.times.entries()) {
      for (const region of plan.regions.filter(
        ({ redact, start, end }) => redact && time >= start && time <= end,
      )) {
        const { highest } = toneOf(shown, index, placeOf(region, time));
        assert.ok(highest < 30, `${region.id} in frame ${index}: ${highest}`);
      }
      for (const box of facesIn(index)) {
        const { mean } = toneOf(shown, index, middle(box));
        assert.ok(mean < 12, `a face in frame ${index}: ${mean}`);
      }
      assert.ok(difference(shown, source, index, { x: 0, y: 300, width: 640, height: 60 }) < 8);
    }
  });

  test('rendering the plan that was written gives the same bytes again', async () => {
    const [first, plan] = await redacted('bytes-1');
    const [second, copied] = await redacted('bytes-2', '--plan', plan);
    assert.ok(readFileSync(first).equals(readFileSync(second)));
    assert.ok(readFileSync(plan).equals(readFileSync(copied)));
  });

  test('an output that was named gets that name', async () => {
    await succeeds(
      'redact',
      clip,
      '-o',
      place.path('named', 'release.mov'),
      '--profile',
      'fast',
      '--no-check',
    );
    assert.deepEqual(listing(place.path('named')), [
      'release.exemptions.csv',
      'release.mov',
      'release.plan.json',
      'release.record.json',
      'release.record.pdf',
      'tidewaiter-chain.jsonl',
    ]);
  });
});

describe('one picture', () => {
  const picture = place.path('counter.jpg');

  test('is covered, stamped, and loses where it was taken', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'exiftool')) return;
    await writePicture(scene, 12, picture, { location: { latitude: 32.54, longitude: -117.03 } });
    assert.ok('GPS:GPSLatitude' in exiftool(picture));
    const answer = await succeeds(
      'redact',
      picture,
      '-o',
      place.path('still'),
      '--profile',
      'fast',
      '--no-check',
    );
    assert.match(answer.stdout, /^Redacted .*counter\.jpg \(1 picture\)\n {2}covered {2}\d+ face/);
    const [output, , recordPath] = outputsAt(place.path('still', 'counter'), 'jpg');
    assert.equal(readRecordFile(recordPath).stamp, 'EVALUATION');
    const left = exiftool(output);
    const text = JSON.stringify(left);
    assert.ok(Object.values(left).includes('EVALUATION'), text);
    assert.ok(!/GPS|OFFICER|composer|Thumbnail/.test(text), text);
    const shown = greyFrames(output);
    for (const box of facesIn(12)) assert.ok(toneOf(shown, 0, middle(box)).mean < 12);
  });
});

describe('a plan that a person edited', () => {
  const edited = place.path('edited.json');
  const moved: PixelBox = { x: 20, y: 290, width: 90, height: 50 };

  before(() => {
    const [shown, other] = lastingFaces(usual);
    const regions = usual.regions.map((region): Region => {
      if (region.id === shown?.id) return { ...region, redact: false };
      if (region.id !== other?.id) return region;
      const { x, y, width, height } = moved;
      return { ...region, start: 0, end: 2, keyframes: [[0, x, y, width, height]] };
    });
    writeFileSync(edited, formatPlan({ ...usual, regions }));
  });

  test('planning writes nothing but the plan', () => {
    assert.deepEqual(listing(place.path('usual')), ['body-cam.plan.json']);
    assert.ok(lastingFaces(usual).length >= 2, 'two faces are needed to go on');
  });

  test('is rendered as it says, and twice to the same bytes', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe')) return;
    const [first] = await redacted('edited-1', '--plan', edited);
    const [second] = await redacted('edited-2', '--plan', edited);
    assert.equal(sha256(readFileSync(first)), sha256(readFileSync(second)));
    const [output, source] = [greyFrames(first), greyFrames(clip)];
    const [switchedOff, before] = lastingFaces(usual);
    for (const [index, time] of scene.times.entries()) {
      assert.ok(toneOf(output, index, moved).highest < 30, `the moved region in frame ${index}`);
      for (const region of [switchedOff!, before!]) {
        const box = middle(placeOf(region, time));
        assert.ok(toneOf(output, index, box).mean > 40, `${region.id} in frame ${index}`);
        assert.ok(difference(output, source, index, box) < 8, `${region.id} in frame ${index}`);
      }
    }
  });

  test('is refused for another file, and when it cannot be read', async () => {
    const other = await clipFile(await emptyLane(), place.path('other.mp4'));
    const out = place.path('refused');
    assertFailed(await tidewaiter('redact', other, '-o', out, '--plan', edited), 'E_PLAN_SOURCE');
    assertFailed(await tidewaiter('redact', clip, '-o', out, '--plan', place.path('none.json')), 'E_PLAN');
    assertFailed(await tidewaiter('redact', clip, '-o', out, '--plan', clip), 'E_PLAN');
    const pipe = place.path('pipe.json');
    execFileSync('mkfifo', [pipe]);
    assertFailed(await tidewaiter('redact', clip, '-o', out, '--plan', pipe), 'E_PLAN');
    assert.deepEqual(listing(out), []);
  });
});

describe('detect', () => {
  test('gives a JSON line for each look, and writes nothing', async () => {
    const before = listing(place.folder);
    const answer = await tidewaiter('detect', clip, '--json', '--effort', 'fast');
    assert.equal(answer.code, 0, answer.stderr);
    assert.equal(answer.stderr, '');
    const lines = jsonLines(answer);
    const seen = lines.filter(({ event }) => event === 'observations') as unknown as {
      frame: number;
      time: number;
      observations: { class: string; score: number; box: PixelBox; model: { id: string; digest: string } }[];
    }[];
    assert.ok(seen.length >= 8);
    for (const [index, { frame, time, observations }] of seen.entries()) {
      assert.ok(index === 0 || frame > seen[index - 1]!.frame);
      assert.ok(Math.abs(time - scene.times[frame]!) < 1e-5);
      for (const { score, box, model } of observations) {
        assert.ok(score > 0 && score <= 1);
        assert.ok(box.width > 0 && box.height > 0);
        assert.match(model.digest, /^[0-9a-f]{64}$/);
      }
      assert.ok(observations.filter(({ class: name }) => name === 'face').length >= 2, `frame ${frame}`);
    }
    const result = lines.at(-1)!;
    assert.deepEqual([result.event, result['looks'], result['stamp']], ['result', seen.length, 'EVALUATION']);
    assert.deepEqual(listing(place.folder), before);
  });

  test('says in words what it saw', async () => {
    const answer = await succeeds('detect', clip, '--effort', 'fast');
    assert.match(
      answer.stdout,
      /^Looked at \d+ frames of .*body-cam\.mp4\n(?: +\d+ {2}\w+\n)+ {2}EVALUATION: /,
    );
  });
});
