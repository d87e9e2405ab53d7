import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { clipFolder } from '../../media-clips.ts';
import { needs } from '../../needs.ts';
import { until } from '../../platform/attack/redactions.ts';
import { newDataFolder, removeDataFolder } from '../../platform/serving.ts';
import { cameraClip, streamOf } from '../record-clips.ts';
import { alertOf } from './desk.ts';
import { picture, watched } from './outage-house.ts';

test('a disk for recordings that fills up while a clip is written: the camera is watched on, and what is whole is kept', async (t) => {
  if (!needs(t, 'root', 'mount', 'ffmpeg')) return;
  const clips = clipFolder();
  const data = newDataFolder();
  const disk = join(data, 'watch', 'recordings');
  mkdirSync(disk, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', disk]);
  const { db, handlers, told } = await watched(data);
  after(() => {
    execFileSync('umount', ['-l', disk]);
    removeDataFolder(data);
    clips.remove();
  });
  const recorded = async (): Promise<string[]> =>
    (await db.selectFrom('watch_recorded').select('kind').execute()).map(({ kind }) => kind).sort();
  const failed = async (): Promise<number | undefined> => {
    const now = { at: Date.now(), frames: 1, dropped: 0, reconnects: 0, latency: 0.1, queueAge: 0 };
    handlers.onFigures?.(now);
    const { note } = await db.selectFrom('services').select('note').executeTakeFirstOrThrow();
    return (note as { failedRecordings?: number } | null)?.failedRecordings;
  };
  const snapshot = { jpeg: picture, width: 64, height: 48 };
  const path = cameraClip(clips.path('camera.mp4'), 4);
  const { head, fragments } = await streamOf(path);
  const shift = Date.now() - (fragments.at(-1)?.at ?? 0);
  await handlers.onState?.({ state: 'live', since: Date.now() });
  await handlers.onHead?.(head);
  for (const one of fragments) await handlers.onFragment?.({ ...one, at: one.at + shift });
  await handlers.onAlert?.(alertOf(1), snapshot, snapshot);
  await until(async () => (await recorded()).length === 1, 'its masked picture is kept');
  const filler = join(disk, 'filler');
  assert.throws(() => fill(filler), { code: 'ENOSPC' });
  assert.equal(statfsSync(disk).bavail, 0);
  await handlers.onAlert?.(alertOf(2), snapshot, snapshot);
  await until(async () => (await told()).length === 2, 'the alert is kept');
  // The clip of both is whole, and what says so does not fit.
  await handlers.onState?.({ state: 'lost', since: Date.now() });
  await until(async () => (await failed()) === 1, 'that a picture was lost is said');

  rmSync(filler);
  await until(async () => (await recorded()).length === 3, 'the clip of both is kept');
  assert.deepEqual(await recorded(), ['clip', 'clip', 'masked-still']);
  assert.equal(handlers.signal.aborted, false);
  const runs = await db.selectFrom('watch_runs').select('id').execute();
  assert.equal(runs.length, 1, 'and it was watched all the while');
});

function fill(path: string): void {
  for (;;) writeFileSync(path, Buffer.alloc(4096), { flag: 'a' });
}
