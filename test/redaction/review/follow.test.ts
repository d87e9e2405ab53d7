import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { composeScene, type Scene } from '../../../material/scene.ts';
import type { Job, RedactionReview } from '../../../src/client/index.ts';
import { coverage, iou, type PixelBox } from '../../../src/core/box.ts';
import { boxOnPath } from '../../../src/core/path.ts';
import { framesBetween, openVideo } from '../../../src/media/video/index.ts';
import type { Truth } from '../../../src/scenes/truth.ts';
import type { ReviewBase } from '../../../src/uses/redaction/review/base.ts';
import { followInFile } from '../../../src/uses/redaction/review/follow-clip.ts';
import type { FollowReport } from '../../../src/uses/redaction/review/edit.ts';
import { pathOf } from '../../../src/uses/redaction/review/geometry.ts';
import type { Similar } from '../../../src/uses/redaction/review/similar.ts';
import { defaultFollow } from '../../../src/vision/follow/settings.ts';
import type { Followed } from '../../../src/vision/follow/follow.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../../platform/serving.ts';
import { clipFile, groupPhoto, workplace } from '../clips.ts';
import { bringIn, openPier, settled } from './office.ts';

const place = workplace();
after(() => place.remove());

/** Where a thing of a scene is in the frame of that moment. */
function truthAt(scene: Scene, time: number): readonly Truth[] {
  return scene.truth(scene.times.findIndex((other) => Math.abs(other - time) < 1e-3));
}

function followed(scene: Scene, path: string, at: number, box: PixelBox): Promise<Followed> {
  const [first, last] = [scene.times[0]!, scene.times.at(-1)!];
  const cuts = scene.cuts.map((frame) => scene.times[frame]!);
  const request = { at, box, first, last, cuts, from: first, to: last, seen: [] };
  const hooks = { signal: new AbortController().signal, onFollowed: () => undefined };
  return followInFile({ task: 'follow', input: path, request }, hooks);
}

describe('frames from a moment on', () => {
  test('are those that reading from the start gives', async () => {
    const scene = await composeScene({
      seed: 'enter',
      width: 320,
      height: 180,
      seconds: 4,
      vfr: true,
      cast: {},
    });
    for (const ending of ['mp4', 'mkv', 'avi', 'ts']) {
      const path = await clipFile(scene, place.path(`enter.${ending}`));
      const reader = await openVideo(path);
      const all: { readonly time: number; readonly luma: string }[] = [];
      const seen = (frame: {
        readonly time: number;
        readLuma(width: number, height: number): Uint8Array;
      }) => ({
        time: frame.time,
        luma: Buffer.from(frame.readLuma(32, 18)).toString('base64'),
      });
      for await (const frame of reader.frames()) all.push(seen(frame));
      for (const [from, to] of [
        [all[0]!.time, all[3]!.time],
        [all[30]!.time, all[40]!.time],
        [all.at(-3)!.time, all.at(-1)!.time + 5],
      ] as const) {
        const some = [];
        for await (const frame of framesBetween(path, reader, { from, to })) some.push(seen(frame));
        assert.deepEqual(
          some,
          all.filter(({ time }) => time >= from && time <= to),
          `${ending} from ${from} to ${to}`,
        );
      }
    }
  });
});

describe('a box that is followed', () => {
  test('covers what was in it both ways, up to the ends and the cuts', async () => {
    const scene = await composeScene({
      ...{ seed: 'follow/3', width: 640, height: 360, seconds: 4, fps: 15 },
      ...{ settings: ['hall', 'street'] as const, cast: { person: 2 } },
    });
    const path = await clipFile(scene, place.path('hall.mp4'));
    const cut = scene.times[scene.cuts[0]!]!;
    const middle = scene.cuts[0]! >> 1;
    const things = scene
      .truth(middle)
      .filter(
        ({ class: name, occludedShare, box }) => name === 'face' && occludedShare < 0.05 && box.width > 15,
      );
    assert.ok(things.length > 0);
    for (const thing of things) {
      const {
        boxes,
        before: back,
        after: ahead,
      } = await followed(scene, path, scene.times[middle]!, thing.box);
      assert.ok(
        boxes.every(({ time }) => time < cut - 1e-6),
        'nothing crosses a cut',
      );
      assert.ok(back !== undefined && ahead !== undefined);
      if (boxes.at(-1)!.time > cut - 0.1) assert.equal(ahead.why, 'cut');
      const known = boxes.flatMap(({ time, box }) => {
        const truth = truthAt(scene, time).find(({ id }) => id === thing.id);
        return truth === undefined || truth.occludedShare > 0.5 ? [] : [coverage(truth.box, box)];
      });
      assert.ok(known.length > 8, `${thing.id}: ${known.length} frames`);
      const covered = known.filter((share) => share >= 0.95).length;
      assert.ok(covered >= 0.95 * known.length, `${thing.id}: ${covered} of ${known.length}`);
    }
  });

  test('ends where its thing is gone, and covers more the less is certain', async () => {
    const scene = await composeScene({
      ...{
        seed: 'follow/gone/2',
        width: 640,
        height: 360,
        seconds: 5,
        fps: 15,
        settings: ['street'] as const,
      },
      cast: { vehicle: 0, person: 3 },
    });
    const path = await clipFile(scene, place.path('gone.mp4'));
    // Somebody who walks out of the picture, drawn while whole.
    const count = scene.times.length;
    const leaver = scene
      .truth(count >> 1)
      .find(
        ({ id, class: name, occludedShare }) =>
          name === 'face' && occludedShare === 0 && !scene.truth(count - 1).some((one) => one.id === id),
      );
    assert.ok(leaver !== undefined, 'somebody leaves');
    const { boxes, after: ahead } = await followed(scene, path, scene.times[count >> 1]!, leaver.box);
    assert.equal(ahead?.why, 'left');
    const gone = scene.times.find(
      (time, index) => index > count >> 1 && !scene.truth(index).some(({ id }) => id === leaver.id),
    )!;
    assert.ok(ahead.at <= gone + defaultFollow.patience + 0.2, `${ahead.at} s, gone at ${gone} s`);
    const lastSeen = boxes.findLastIndex(({ confidence }) => confidence > 0);
    const [seen, ...expected] = boxes.slice(lastSeen).map(({ box }) => box.width * box.height);
    assert.ok(expected.length > 0);
    assert.ok(
      expected.every((size) => size > seen!),
      `${expected.join(', ')} after ${seen}`,
    );
  });
});

describe('in a review', () => {
  const data = newDataFolder();
  let serving: Serving;
  before(async () => {
    serving = await startServing(data);
  });
  after(async () => {
    await serving.stop();
    removeDataFolder(data);
  });

  test('a box is followed while its job tells keyframes, and looks are compared within the recording', async () => {
    const scene = await groupPhoto({ seconds: 1.2 });
    const one = await openPier(serving);
    const { assetId } = await bringIn(one, await clipFile(scene, place.path('yard.mp4')), 'yard.mp4');
    const asked = { asset: assetId, profile: 'fast' };
    const { id } = await one.call<RedactionReview>('POST', '/redaction/reviews', asked, 202);
    const path = `/redaction/reviews/${id}`;
    const tooEarly = await one.client.call('POST', `${path}/follow`, { at: 0.4, box: [0, 0, 20, 20] });
    assert.deepEqual([tooEarly.status, tooEarly.body['code']], [409, 'E_REVIEW_STATE']);
    const review = await settled(() => one.get<RedactionReview>(path), ['analysing']);
    assert.equal(review.state, 'open');
    const base = await one.get<ReviewBase>(`${path}/base`);

    const at = scene.times[8]!;
    const face = scene
      .truth(8)
      .find(({ class: name, occludedShare }) => name === 'face' && occludedShare === 0)!;
    const { x, y, width, height } = face.box;
    const body = { at, box: [x, y, width, height], class: 'face' };
    const { job } = await one.call<{ job: string }>('POST', `${path}/follow`, body, 202);
    const events = await (await one.client.raw('GET', `/jobs/${job}/events`)).text();
    const told = events
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as Job & { progress: { followed?: FollowReport } | null });
    const report = told.at(-1)?.result as unknown as FollowReport;
    assert.equal(told.at(-1)?.state, 'done', JSON.stringify(told.at(-1)?.error));
    const partly = told.find(
      ({ state, progress }) => state === 'running' && progress?.followed !== undefined,
    );
    if (partly !== undefined) assert.ok(partly.progress!.followed!.keyframes.length > 0);
    assert.equal(report.before?.why, 'end');
    assert.equal(report.after?.why, 'end');
    assert.equal(report.confidence.length, scene.times.length);
    const region = {
      class: 'face',
      start: report.before.at,
      end: report.after.at,
      keyframes: [...report.keyframes],
    };
    for (const [time] of report.confidence) {
      const truth = truthAt(scene, time).find((other) => other.id === face.id)!;
      assert.ok(coverage(truth.box, boxOnPath(pathOf(region), time)) >= 0.95, `at ${time} s`);
    }
    const edit = { id: crypto.randomUUID(), do: { op: 'add', region: 'drawn', ...region } };
    await one.call('POST', `${path}/edits`, { revision: 0, edits: [edit] }, 201);

    const outside = await one.client.call('POST', `${path}/follow`, { ...body, box: [-90, 0, 20, 20] });
    assert.equal(outside.body['code'], 'E_EDIT_PLACE');
    const late = await one.client.call('POST', `${path}/follow`, { ...body, at: 99 });
    assert.equal(late.body['code'], 'E_EDIT_TIME');
    const { token } = await one.call<{ token: string }>(
      'POST',
      '/tokens',
      {
        name: 'a program',
        scopes: ['read', 'jobs'],
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
      201,
    );
    const program = await fetch(`${serving.url}/api/v1${path}/follow`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.equal(program.status, 403, 'programs do not review');

    // Four faces of one photograph: each is in the picture with the others, so none is any of them again.
    const faces = base.plan.regions.filter((one) => one.class === 'face' && one.end - one.start > 0.5);
    assert.ok(faces.length >= 2 && Object.keys(base.looks ?? {}).length >= faces.length);
    const similar = await one.get<{ revision: number; items: Similar[] }>(
      `${path}/regions/${faces[0]!.id}/similar`,
    );
    assert.equal(similar.revision, 1);
    const apart = faces
      .filter((other) => iou(placeIn(faces[0]!), placeIn(other)) === 0)
      .map((other) => other.id);
    assert.ok(apart.length > 0 && !similar.items.some((item) => apart.includes(item.region)));
    const elsewhere = await one.client.call('GET', `${path}/regions/${assetId}/similar`);
    assert.deepEqual([elsewhere.status, elsewhere.body['code']], [422, 'E_EDIT_UNKNOWN']);
  });
});

function placeIn(
  region: Parameters<typeof pathOf>[0] & { readonly start: number; readonly end: number },
): PixelBox {
  return boxOnPath(pathOf(region), (region.start + region.end) / 2);
}
