import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { needs, pedestrianClip, projectRoot } from '../../../test/needs.ts';
import { CutDetector, cutThumbnail } from './scene-cut.ts';

const { width, height } = cutThumbnail;
const thumbnails = `scale=${width}:${height}:flags=area,format=gray`;
const photo = (number: number): string =>
  join(projectRoot, `node_modules/@vladmandic/face-api/demo/sample${number}.jpg`);

/** Decodes with Debian's ffmpeg and returns the frames that begin another scene. */
function cutsOf(input: readonly string[], filter = 'null'): number[] {
  const output = ['-vf', `${filter},${thumbnails}`, '-f', 'rawvideo', '-'];
  const raw = execFileSync('ffmpeg', ['-v', 'error', ...input, ...output], { maxBuffer: 1e8 });
  const detector = new CutDetector();
  const cuts: number[] = [];
  for (let at = 0; at < raw.length; at += width * height) {
    if (detector.push(raw.subarray(at, at + width * height))) cuts.push(at / (width * height));
  }
  return cuts;
}

/** A filter that makes a second of 25 frames of a still picture, to be changed by `move`. */
const second = (move: string): string => `scale=960:640,setsar=1,loop=24:1,setpts=N/25/TB,${move}`;

describe('scene cuts', () => {
  test('are found at every change of shot and nowhere else', (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const shots = [
      second("crop=480:270:'n*2':100"),
      second("crop=480:270:'n*4':50"),
      'trim=end_frame=25,scale=480:270,setsar=1,setpts=N/25/TB',
      second("crop=480:270:200:'n*3'"),
      'null',
      second("crop=480:270:'480-n*4':100"),
    ].map((filter, index) => `[${index}]${filter},format=yuv420p,fps=25[s${index}]`);
    const pattern = 'testsrc=size=480x270:rate=25:duration=1';
    const inputs = [photo(1), photo(2), pedestrianClip, photo(4), pattern, photo(6)].flatMap((input) =>
      input === pattern ? ['-f', 'lavfi', '-i', input] : ['-i', input],
    );
    const joined = `${shots.join(';')};[s0][s1][s2][s3][s4][s5]concat=n=6`;
    const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-cuts-'));
    try {
      const file = join(folder, 'joined.mp4');
      const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '28', file];
      execFileSync('ffmpeg', ['-v', 'error', ...inputs, '-filter_complex', joined, ...coding]);
      assert.deepEqual(cutsOf(['-i', file]), [25, 50, 75, 100, 125]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('are not seen in a shot of a still camera, even when frames are dropped', (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    assert.deepEqual(cutsOf(['-i', pedestrianClip]), []);
    assert.deepEqual(cutsOf(['-i', pedestrianClip], 'framestep=10'), []);
  });

  test('are not seen in fast pans, zooms, flashes and fades', (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const cutsIn = (change: string): number[] => cutsOf(['-i', photo(3)], second(change));
    assert.deepEqual(cutsIn("crop=480:270:'abs(480-mod(n*40,960))':100"), []);
    assert.deepEqual(cutsIn("zoompan=z='1+0.08*on':d=1:s=480x270:x='iw/2-iw/zoom/2'"), []);
    assert.deepEqual(cutsIn("eq=brightness='if(between(n,10,11),0.45,0)':eval=frame"), []);
    assert.deepEqual(cutsIn("lutyuv=y='if(1,255)':enable='between(n,10,11)'"), []);
    assert.deepEqual(cutsIn('fade=out:5:15'), []);
  });

  test('refuse thumbnails of another size', () => {
    assert.throws(() => new CutDetector().push(new Uint8Array(100)), RangeError);
  });
});
