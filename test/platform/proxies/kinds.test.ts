import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import sharp from 'sharp';
import {
  makeProxies,
  type Proxies,
  type ProxyIndex,
  type ProxyKind,
} from '../../../src/media/proxy/index.ts';
import { heicFile } from '../../heic.ts';
import { clipFolder, ffmpeg, pedestrians, tone } from '../../media-clips.ts';

const clips = clipFolder();
after(() => clips.remove());

async function proxiesOf(
  name: string,
): Promise<Proxies & { read(kind: ProxyKind): Buffer; index: ProxyIndex }> {
  const folder = clips.path(`${name}.made`);
  mkdirSync(folder);
  const made = await makeProxies({ input: clips.path(name), folder });
  const read = (kind: ProxyKind): Buffer => {
    const file = made.files.find((one) => one.kind === kind);
    if (file === undefined) throw new Error(`there is no ${kind}`);
    return readFileSync(file.path);
  };
  return { ...made, read, index: JSON.parse(read('index').toString()) as ProxyIndex };
}

describe('what is made of each kind of file', () => {
  test('a large photograph that was taken sideways', async () => {
    // Left half red, as stored; turned a quarter clockwise to be seen, red is above.
    const left = { create: { width: 1500, height: 2000, channels: 3, background: '#ff0000' } } as const;
    const base = { create: { width: 3000, height: 2000, channels: 3, background: '#0000ff' } } as const;
    const file = await sharp(base)
      .composite([{ input: await sharp(left).png().toBuffer(), left: 0, top: 0 }])
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    writeFileSync(clips.path('photo.jpg'), file);
    const { files, read, index } = await proxiesOf('photo.jpg');
    assert.deepEqual(files.map(({ kind }) => kind).sort(), ['index', 'picture', 'thumbnail']);
    assert.deepEqual(index.picture, {
      source: { width: 2000, height: 3000 },
      size: { width: 1707, height: 2560 },
    });
    const shown = await sharp(read('picture')).metadata();
    assert.deepEqual([shown.format, shown.width, shown.height, shown.exif], ['webp', 1707, 2560, undefined]);
    const small = sharp(read('thumbnail'));
    const { data, info } = await small.raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [213, 320]);
    const above = data.subarray(3 * (20 * 213 + 100), 3 * (20 * 213 + 100) + 3);
    const below = data.subarray(3 * (300 * 213 + 100), 3 * (300 * 213 + 100) + 3);
    assert.ok(above[0]! > 200 && above[2]! < 60, 'red above');
    assert.ok(below[2]! > 200 && below[0]! < 60, 'blue below');
  });

  test('a photograph of a phone, in HEIC', async () => {
    const rgb = new Uint8Array(128 * 64 * 3).fill(200);
    writeFileSync(clips.path('phone.heic'), heicFile({ width: 128, height: 64, rgb, turns: 1 }));
    const { read, index } = await proxiesOf('phone.heic');
    assert.deepEqual(index.picture?.source, { width: 64, height: 128 });
    assert.equal((await sharp(read('picture')).metadata()).height, 128);
  });

  test('a video with sound', async () => {
    ffmpeg(
      ...pedestrians,
      ...tone,
      '-t',
      '4',
      '-vf',
      'scale=640:360,setpts=3*PTS',
      '-c:a',
      'pcm_s16le',
      clips.path('yard.avi'),
    );
    const { files, frames, read, index } = await proxiesOf('yard.avi');
    const kinds = ['index', 'poster', 'strip', 'thumbnail', 'video', 'waveform'];
    assert.deepEqual(files.map(({ kind }) => kind).sort(), kinds);
    assert.equal(frames, index.video?.bytes.length);
    assert.equal((await sharp(read('poster')).metadata()).width, 640);
    assert.equal((await sharp(read('thumbnail')).metadata()).width, 320);
    const { tile, columns, pts = [] } = index.strip ?? {};
    const sheet = await sharp(read('strip')).metadata();
    assert.deepEqual(
      [sheet.width, sheet.height],
      [160 * (columns ?? 0), 90 * Math.ceil(pts.length / (columns ?? 1))],
    );
    assert.deepEqual(tile, { width: 160, height: 90 });
    assert.ok(pts.length >= 4);
    assert.equal(read('waveform').length, 2 * (index.sound[0]?.count ?? 0));
  });

  test('sound alone, in a container of videos too', async () => {
    ffmpeg(...tone, '-c:a', 'libmp3lame', clips.path('call.mp3'));
    ffmpeg(...tone, '-c:a', 'aac', '-f', 'mp4', clips.path('call.mp4'));
    for (const name of ['call.mp3', 'call.mp4']) {
      const { files, index } = await proxiesOf(name);
      assert.deepEqual(files.map(({ kind }) => kind).sort(), ['index', 'sound', 'waveform']);
      assert.ok(Math.abs((index.sound[0]?.count ?? 0) - 100) <= 6);
    }
  });

  test('what is none of these is refused by name', async () => {
    writeFileSync(clips.path('letter.txt'), 'Dear officer');
    writeFileSync(clips.path('nothing.mp4'), '');
    await assert.rejects(proxiesOf('letter.txt'), { code: 'E_FORMAT' });
    await assert.rejects(proxiesOf('nothing.mp4'), { code: 'E_EMPTY' });
  });
});
