import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { FF_ENCODER_LIBX265 } from 'node-av/constants';
import { needs } from '../../../test/needs.ts';
import { type ClipTruth, writeClip } from './clip.ts';
import { composeScene } from '../../../material/scene.ts';

interface Probe {
  readonly streams: readonly { readonly codec_name: string; readonly time_base: string }[];
  readonly frames: readonly { readonly pts: number }[];
}

function probe(path: string): Probe {
  const shown = ['-show_entries', 'stream=codec_name,time_base:frame=pts'];
  const select = ['-v', 'error', '-select_streams', 'v', ...shown, '-of', 'json', path];
  return JSON.parse(execFileSync('ffprobe', select, { encoding: 'utf8' })) as Probe;
}

describe('clips', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-clips-'));
  after(() => rmSync(folder, { recursive: true }));

  test('keep irregular presentation times to the tick and lie beside their truth', async (t) => {
    if (!needs(t, 'ffprobe')) return;
    const scene = await composeScene({ seed: 2, width: 320, height: 180, seconds: 1.5, vfr: true });
    const path = join(folder, 'irregular.mp4');
    const truthPath = await writeClip(scene, path);
    const { streams, frames } = probe(path);
    assert.deepEqual(streams, [{ codec_name: 'h264', time_base: '1/90000' }]);
    assert.deepEqual(
      frames.map((frame) => frame.pts),
      scene.ticks,
    );
    const audio = [
      '-v',
      'error',
      '-select_streams',
      'a',
      '-show_entries',
      'stream=codec_name',
      '-of',
      'csv=p=0',
      path,
    ];
    assert.equal(execFileSync('ffprobe', audio, { encoding: 'utf8' }).trim(), 'aac');
    const truth = JSON.parse(readFileSync(truthPath, 'utf8')) as ClipTruth;
    assert.equal(truth.frames.length, frames.length);
    assert.deepEqual(truth.frames[4]?.things, JSON.parse(JSON.stringify(scene.truth(4))));
  });

  test('can be written with another codec, in another container, without sound', async (t) => {
    if (!needs(t, 'ffprobe')) return;
    const scene = await composeScene({ seed: 2, width: 160, height: 90, fps: 10, seconds: 0.5 });
    const path = join(folder, 'silent.mkv');
    await writeClip(scene, path, { codec: FF_ENCODER_LIBX265, crf: 30, audio: false });
    const { streams, frames } = probe(path);
    assert.equal(streams[0]?.codec_name, 'hevc');
    assert.equal(frames.length, 5);
  });
});
