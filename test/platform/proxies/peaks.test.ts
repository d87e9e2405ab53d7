import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Peaks } from '../../../src/media/proxy/peaks.ts';
import { makeSoundProxy } from '../../../src/media/proxy/sound.ts';
import { clipFolder, ffmpeg, ffprobe, soundTimes } from '../../media-clips.ts';
import { readFileSync } from 'node:fs';

const clips = clipFolder();
after(() => clips.remove());

/** Lowest and highest of each 50th of a second of what ffmpeg hears, scaled as the waveform is. */
function heard(path: string, rate: number): [number, number][] {
  const raw = ffmpeg('-i', path, '-ac', '1', '-f', 'f32le', '-');
  const samples = new Float32Array(new Uint8Array(raw).buffer, 0, raw.length >> 2);
  const step = rate / 50;
  return Array.from({ length: Math.ceil(samples.length / step) }, (_, peak) => {
    const part = samples.subarray(peak * step, (peak + 1) * step);
    return [Math.min(0, ...part) * 128, Math.max(0, ...part) * 127];
  });
}

describe('the waveform', () => {
  test('has the lowest and the highest sample of each 50th of a second', async () => {
    const source = clips.path('bursts.wav');
    ffmpeg('-f', 'lavfi', '-i', "aevalsrc='if(lt(mod(t,0.7),0.2),0.8*sin(2000*t),0)':s=44100:d=4", source);
    const output = clips.path('bursts.mp4');
    const { sound } = await makeSoundProxy({ input: source, output, bytes: readFileSync(source).length });
    const [track] = sound.index;
    const wanted = heard(source, 44_100);
    assert.deepEqual([track?.rate, track?.first, track?.count], [50, 0, wanted.length]);
    wanted.forEach(([low, high], peak) => {
      assert.ok(Math.abs(sound.bytes.readInt8(peak * 2) - low) <= 1, `peak ${peak}`);
      assert.ok(Math.abs(sound.bytes.readInt8(peak * 2 + 1) - high) <= 1, `peak ${peak}`);
    });
    const [stream] = ffprobe(output, '-show_streams')['streams'] ?? [];
    assert.equal(stream?.['codec_name'], 'aac');
    assert.ok(Math.abs(Number(stream?.['duration']) - 4) < 0.05);
  });

  test('each track has its own, at its time', async () => {
    const source = clips.path('two.mka');
    const inputs = [
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=500:duration=2',
      '-itsoffset',
      '1',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=900:duration=1',
    ];
    ffmpeg(...inputs, '-map', '0', '-map', '1', '-c:a:0', 'flac', '-c:a:1', 'libopus', source);
    const output = clips.path('two.mp4');
    const { sound } = await makeSoundProxy({ input: source, output, bytes: readFileSync(source).length });
    assert.deepEqual(
      sound.index.map(({ codec, offset, count }) => [codec, offset > 0, count > 40]),
      [
        ['flac', false, true],
        ['opus', true, true],
      ],
    );
    assert.deepEqual(
      sound.index.map(({ first }) => Math.round(first / 50)),
      [0, 1],
    );
    assert.ok(Math.abs((soundTimes(output, 1)[1] ?? 0) - 1) < 0.05, 'the second begins a second later');
  });

  test('of long sound has fewer peaks a second, and no more memory', () => {
    const peaks = new Peaks();
    const block = new Float32Array(1000).fill(0.25);
    const loud = new Float32Array(1000).fill(0.25);
    loud[500] = -1;
    // 5,000 seconds from the 7th on, with a single loud sample in the 4,000th of them.
    for (let second = 0; second < 5000; second++)
      peaks.add([second === 4000 ? loud : block], (7 + second) * 1000, 1000);
    const { rate, first, count } = peaks.index;
    assert.deepEqual([rate, first, count], [12.5, 87, 62_501]);
    const bytes = peaks.bytes();
    const lowest = bytes.indexOf(-128) / 2;
    assert.equal(first + lowest, Math.floor(4007.5 * 12.5));
    assert.equal(bytes.filter((value) => value === -128).length, 1);
  });
});
