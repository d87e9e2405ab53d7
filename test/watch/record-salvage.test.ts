import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, existsSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sha256File } from '../../src/core/digest.ts';
import { salvage, unfinished } from '../../src/media/live/record/index.ts';
import { clipFolder } from '../media-clips.ts';
import { cameraClip, packetsOf, pictures, streamOf } from './record-clips.ts';

const clips = clipFolder();
const source = clips.path('camera.mp4');
const day = join(clips.path('recorded'), '2026-11-22');
const fragmentsWritten = 43;
after(clips.remove);

describe('a recorder that was killed', () => {
  let broken: string;
  before(async () => {
    cameraClip(source, 12);
    const writer = fileURLToPath(new URL('./record-killed.ts', import.meta.url));
    const child = spawn(
      process.execPath,
      [writer, source, clips.path('recorded'), String(fragmentsWritten)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    for await (const line of createInterface({ input: child.stdout })) if (line === 'written') break;
    child.kill('SIGKILL');
    await once(child, 'exit');
    broken = join(day, readdirSync(day).find((name) => name.startsWith(unfinished)) ?? '');
  });

  test('leaves the files that were whole, and one that says it is not', () => {
    const names = readdirSync(day);
    assert.deepEqual(
      names.map((name) => name.startsWith(unfinished)).toSorted(),
      [false, true],
      names.join(' '),
    );
    const whole = names.find((name) => !name.startsWith(unfinished))!;
    assert.equal(packetsOf(join(day, whole)).length, 125);
  });

  test('loses no fragment that was written: the saved file shows the pictures of the camera', async () => {
    const target = clips.path('saved.mp4');
    const saved = await salvage(broken, target);
    const { fragments } = await streamOf(source);
    const all = packetsOf(source);
    const written = fragments.slice(0, fragmentsWritten).reduce((sum, one) => sum + one.duration, 0);
    assert.ok(Math.abs(saved!.seconds - (written - 5)) < 0.05, `${saved!.seconds} of ${written} s`);
    assert.match(saved!.codecs, /^avc1\.64/);
    assert.equal(saved!.sha256, await sha256File(target));
    const packets = packetsOf(target);
    assert.ok(packets[0]!.key);
    const expected = all.slice(125, 125 + packets.length);
    assert.deepEqual(
      packets.map(({ size, key }) => [size, key]),
      expected.map(({ size, key }) => [size, key]),
    );
    // Those that are shown late may need packets that were never written.
    assert.deepEqual(pictures(target).slice(0, 60), pictures(source).slice(125, 185));
  });

  test('in the middle of a fragment, or with rubbish behind it: what is whole is saved', async () => {
    const { seconds } = (await salvage(broken, clips.path('first.mp4')))!;
    const cut = clips.path('broken-cut.mp4');
    copyFileSync(broken, cut);
    const { bytes } = (await salvage(broken, clips.path('all.mp4')))!;
    truncateSync(cut, bytes - 100);
    const less = await salvage(cut, clips.path('cut.mp4'));
    assert.ok(less!.seconds < seconds && less!.seconds > seconds - 0.5);

    const spoilt = clips.path('broken-spoilt.mp4');
    copyFileSync(broken, spoilt);
    appendFileSync(spoilt, Buffer.alloc(5000, 0xa7));
    assert.equal((await salvage(spoilt, clips.path('spoilt.mp4')))!.seconds, seconds);
  });

  test('is never overwritten by what is saved of it', async () => {
    const own = join(day, basename(broken).slice(unfinished.length));
    await assert.rejects(salvage(broken, own), TypeError);
    assert.ok((await salvage(broken, clips.path('again.mp4')))!.seconds > 3);
  });

  test('before its first fragment: nothing is saved, and no file is left', async () => {
    const target = clips.path('nothing.mp4');
    for (const [index, bytes] of [Buffer.alloc(0), Buffer.from('no video'), Buffer.alloc(99)].entries()) {
      const file = clips.path(`empty-${index}.mp4`);
      writeFileSync(file, bytes);
      assert.equal(await salvage(file, target), undefined);
      assert.ok(!existsSync(target));
    }
    const left = readdirSync(clips.path('.')).filter((name) => name.includes(basename(target)));
    assert.deepEqual(left, []);
  });
});
