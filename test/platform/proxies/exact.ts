import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { frameTable, type VideoIndex } from '../../../src/media/proxy/index.ts';
import { makeVideoProxy, type VideoProxy } from '../../../src/media/proxy/video.ts';
import { ffprobe } from '../../media-clips.ts';
import { numberAt } from './decode.ts';
import { numbersIn, timesIn } from './numbered.ts';

/** Short lists of arguments that make H.264 quickly, and with frames that refer to later ones. */
export const h264: readonly string[] = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18'];
export const withB: readonly string[] = ['-bf', '3', '-b_strategy', '0', '-g', '30'];

/** A tone of three seconds, as an input of ffmpeg. */
export function tone(hertz: number): string[] {
  return ['-f', 'lavfi', '-i', `sine=frequency=${hertz}:sample_rate=44100:duration=3`];
}

/** Frames that come at uneven times. */
export const uneven: readonly string[] = [
  ...['-vf', "settb=1/90000,setpts='N*3600+mod(N*N*N*7,2900)'", '-fps_mode', 'passthrough'],
  ...['-enc_time_base', '1/90000', '-video_track_timescale', '90000'],
];

/** Makes the proxy of a numbered clip and compares each of its frames and times with what Debian's ffmpeg sees in the clip. */
export async function exactProxy(source: string): Promise<VideoProxy> {
  const proxy = `${source}.proxy.mp4`;
  const made = await makeVideoProxy({ input: source, output: proxy });
  const { video, sound, strip } = made;

  const times = timesIn(source);
  assert.equal(`${video.timeBase.num}/${video.timeBase.den}`, times.timeBase);
  assert.deepEqual([...frameTable(video).pts], times.pts);
  assert.deepEqual(inTicks(timesIn(proxy), video), times.pts, 'ffprobe finds the same times in the MP4');
  assert.deepEqual(video.damaged, []);

  const numbers = numbersIn(source);
  assert.equal(numbers.length, times.pts.length);
  const first = numbers[0] ?? -1;
  const told = Array.from(numbers, (_, index) => first + index);
  assert.deepEqual(numbers, told, 'the frames can be told apart');
  assert.deepEqual(numbersIn(proxy), numbers);
  for (let step = 0; step < 50; step++) {
    const index = (step * 7919) % numbers.length;
    assert.equal(numberAt(proxy, video, index), numbers[index], `frame ${index}`);
  }
  assert.equal(strip.pts[0], times.pts[0]);
  assert.ok(strip.pts.every((pts) => times.pts.includes(pts)));
  checkPlayable(proxy, video);
  const tracks = ffprobe(source, '-show_entries', 'stream=index', '-select_streams', 'a')['streams'];
  assert.equal(sound?.index.length ?? 0, tracks?.length);
  return made;
}

/** Times of the MP4, whose ticks are `1/den` seconds, in those of the source. */
function inTicks({ timeBase, pts }: ReturnType<typeof timesIn>, { timeBase: wanted }: VideoIndex): number[] {
  const [num = 1, den = 1] = timeBase.split('/').map(Number);
  return pts.map((tick) => (tick * num * wanted.den) / (den * wanted.num));
}

/** A browser plays 8-bit 4:2:0 without frames that refer to later ones, and begins when the index comes first. */
function checkPlayable(path: string, { size, shown, codec, keyEvery }: VideoIndex): void {
  const stream = ffprobe(path, '-select_streams', 'v', '-show_streams')['streams']?.[0];
  assert.deepEqual(
    [stream?.['codec_name'], stream?.['has_b_frames'], stream?.['width'], stream?.['height']],
    ['h264', 0, size.width, size.height],
  );
  assert.match(String(stream?.['pix_fmt']), /^yuvj?420p$/);
  assert.equal(stream?.['side_data_list'], undefined, 'nothing is left to be turned');
  assert.ok(Math.min(size.width, size.height) <= 720 && shown.width <= size.width);
  assert.match(codec, /^avc1\.[0-9a-f]{6}$/);
  assert.ok(keyEvery <= 15);
  const file = readFileSync(path).toString('latin1');
  assert.ok(file.indexOf('moov') < file.indexOf('mdat'));
  for (const { codec_name: sound } of ffprobe(path, '-select_streams', 'a', '-show_streams')['streams'] ?? [])
    assert.equal(sound, 'aac');
}
