import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import sharp from 'sharp';
import { needs } from '../test/needs.ts';
import type { ClipTruth } from '../src/scenes/clip/clip.ts';
import { writePicture } from './pictures.ts';
import { composeScene } from './scene.ts';

describe('still pictures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-pictures-'));
  after(() => rmSync(folder, { recursive: true }));

  test('carry the position they were given, and lie beside their truth', async (t) => {
    if (!needs(t, 'exiftool')) return;
    const scene = await composeScene({
      seed: 5,
      width: 640,
      height: 360,
      seconds: 0.2,
      settings: ['office'],
    });
    const path = join(folder, 'desk.jpg');
    const truthPath = await writePicture(scene, 2, path, {
      location: { latitude: -33.86, longitude: 151.2 },
    });
    const listed = execFileSync('exiftool', ['-j', '-n', '-GPS*', '-Artist', path], { encoding: 'utf8' });
    const [tags] = JSON.parse(listed) as [{ GPSLatitude: number; GPSLongitude: number; Artist: string }];
    assert.ok(Math.abs(tags.GPSLatitude + 33.86) < 1e-5);
    assert.ok(Math.abs(tags.GPSLongitude - 151.2) < 1e-5);
    assert.equal(tags.Artist, 'OFFICER ON DUTY');
    const truth = JSON.parse(readFileSync(truthPath, 'utf8')) as ClipTruth;
    assert.deepEqual(truth.frames[0]?.things, JSON.parse(JSON.stringify(scene.truth(2))));
  });

  test('keep their pixels in lossless formats', async () => {
    const scene = await composeScene({ seed: 5, width: 320, height: 180, seconds: 0.1 });
    const path = join(folder, 'lane.png');
    await writePicture(scene, 1, path);
    assert.ok((await sharp(path).raw().toBuffer()).equals(scene.frame(1)));
  });
});
