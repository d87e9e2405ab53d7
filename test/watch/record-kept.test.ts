import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { sha256 } from '../../src/core/digest.ts';
import { salvage, unfinished } from '../../src/media/live/record/index.ts';
import { bringLeft } from '../../src/uses/watch/platform/recording-files.ts';
import {
  keepSegment,
  openSegment,
  recordingsFolder,
  segmentRows,
  sweepSegments,
} from '../../src/uses/watch/platform/recording-segments.ts';
import { clipFolder } from '../media-clips.ts';
import { openHouse } from '../platform/attack/house.ts';
import { addGate, person } from './platform/desk.ts';
import { bytesOf, cameraClip } from './record-clips.ts';

const clips = clipFolder();
after(clips.remove);
const source = cameraClip(clips.path('camera.mp4'), 4);
const hour = 3_600_000;

describe('recordings of a platform', async () => {
  const house = await openHouse();
  const { platform } = house;
  const { db } = platform;
  const supervisor = await person(house, 'supervisor');
  const id = await addGate(supervisor);
  const began = Date.now() - 5 * hour;
  const rows = () => segmentRows(db, id, new Date(0), new Date(Date.now() + 1e9));

  test('what a process that was killed was writing is sealed by the next one, once it is a minute old', async () => {
    const run = join(recordingsFolder(platform), id, 'run-of-before');
    const folder = join(run, 'segments', '2026-11-22');
    mkdirSync(folder, { recursive: true });
    const at = new Date(began).toISOString();
    const broken = join(folder, `${unfinished}gate.${at.replaceAll(':', '-')}.mp4`);
    const bytes = bytesOf(source);
    writeFileSync(broken, bytes.subarray(0, Math.round(bytes.length * 0.6)));
    await bringLeft(platform, id);
    assert.deepEqual([existsSync(broken), (await rows()).length], [true, 0], 'it may still be written');

    const old = new Date(Date.now() - 120_000);
    utimesSync(broken, old, old);
    const { seconds } = (await salvage(broken, clips.path('expected.mp4')))!;
    await bringLeft(platform, id);
    assert.ok(!existsSync(run));
    const [row] = await rows();
    assert.equal(row!.from_at.getTime(), began);
    assert.equal(row!.to_at.getTime(), began + Math.round(seconds * 1000));
    const plain = await buffer(openSegment(platform, row!));
    assert.deepEqual(plain, bytesOf(clips.path('expected.mp4')));
    assert.equal(sha256(plain), row!.sha256);
    const sealed = bytesOf(join(recordingsFolder(platform), row!.file));
    assert.ok(!sealed.includes(plain.subarray(0, 64)), 'on the disk it is sealed');
  });

  test('a clip whose alert is still on its way stays on the disk until that is there, a day at most', async () => {
    const run = join(recordingsFolder(platform), id, 'run-without-alert');
    const folder = join(run, 'seen');
    mkdirSync(folder, { recursive: true });
    const name = `${new Date(began).toISOString().replaceAll(':', '-')}-${randomUUID()}.mp4`;
    writeFileSync(join(folder, `${unfinished}${name}`), bytesOf(source));
    const age = (ms: number): void => {
      const then = new Date(Date.now() - ms);
      for (const file of readdirSync(folder)) utimesSync(join(folder, file), then, then);
    };
    for (let tries = 0; tries < 2; tries++) {
      age(120_000);
      await bringLeft(platform, id);
      assert.deepEqual(readdirSync(folder).sort(), [`salvaged-${name}`, `salvaged-${name}.json`]);
    }
    age(25 * hour);
    await bringLeft(platform, id);
    assert.ok(!existsSync(run));
  });

  test('retention: the oldest go by age and bytes, with their files and keys; no key stays without its file', async () => {
    const before = (await rows()).map((row) => row.id);
    for (const hours of [40, 30, 20, 10]) {
      const file = clips.path(`minute-${hours}.mp4`);
      copyFileSync(source, file);
      const from = Date.now() - hours * hour;
      const bytes = bytesOf(file);
      const of = { codecs: 'avc1.640014', bytes: bytes.length, sha256: sha256(bytes) };
      await keepSegment(platform, id, { camera: id, from, to: from + 4000, file, ...of });
    }
    const ages = async (): Promise<number[]> =>
      (await rows())
        .filter((row) => !before.includes(row.id))
        .map(({ from_at }) => Math.round((Date.now() - from_at.getTime()) / hour));
    const set = async (recording: object): Promise<void> => {
      const { etag } = await supervisor.call('GET', `/watch/cameras/${id}`);
      const change = { recording: { preRoll: 5, postRoll: 5, ...recording } };
      const { status, body } = await supervisor.call('PATCH', `/watch/cameras/${id}`, change, {
        'if-match': etag,
      });
      assert.equal(status, 200, JSON.stringify(body));
    };
    const files = (): string[] =>
      readdirSync(join(recordingsFolder(platform), id, 'sealed'), {
        recursive: true,
        withFileTypes: true,
      }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

    await set({ continuousDays: 1 });
    await sweepSegments(platform, id);
    assert.deepEqual(await ages(), [20, 10]);
    assert.deepEqual(files().toSorted(), (await rows()).map((row) => row.id).toSorted());

    await set({ continuousDays: 30, continuousGigabytes: 1 });
    await sweepSegments(platform, id);
    assert.deepEqual(await ages(), [20, 10], 'there is room');
    house.clock.laterMs = 40 * 24 * hour;
    await sweepSegments(platform, id);
    house.clock.laterMs = 0;
    assert.deepEqual([await rows(), files()], [[], []]);
  });
});
