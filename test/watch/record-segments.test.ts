import assert from 'node:assert/strict';
import { existsSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { sha256File } from '../../src/core/digest.ts';
import type { Fragment } from '../../src/media/live/fragment.ts';
import {
  assertMayCopy,
  BlankedRecorder,
  clipBytes,
  PacketRing,
  planRetention,
  play,
  recordingMode,
  SegmentIndex,
  SegmentRecorder,
  type Gap,
  type PlayPart,
  type Segment,
  type StreamPart,
  type TrackHead,
  type ZonePolygon,
} from '../../src/media/live/record/index.ts';
import { openVideo } from '../../src/media/video/index.ts';
import { clipFolder, ffmpeg } from '../media-clips.ts';
import { began, cameraClip, packetsOf, pictures, streamOf } from './record-clips.ts';

const clips = clipFolder();
const source = clips.path('camera.mp4');
let head: TrackHead;
let fragments: Fragment[];
after(clips.remove);
before(async () => {
  cameraClip(source, 20);
  ({ head, fragments } = await streamOf(source));
});

/** Records what a camera sends in files of so many seconds. */
async function record(name: string, sent: readonly Fragment[], seconds = 5): Promise<SegmentIndex> {
  const index = await SegmentIndex.open(clips.path(`${name}/index.jsonl`));
  const recorder = new SegmentRecorder({
    camera: 'gate',
    folder: clips.path(name),
    seconds,
    onSegment: async (segment) => index.add(segment),
    onError: (error) => assert.fail(error.message),
  });
  await recorder.start(head);
  for (const one of sent) await recorder.push(one);
  await recorder.end();
  return index;
}

async function played(
  segments: readonly Segment[],
  from: number,
  to: number,
): Promise<{ bytes: Buffer; parts: PlayPart[]; gaps: Gap[] }> {
  const parts: PlayPart[] = [];
  for await (const part of play(segments, { from: began + from * 1000, to: began + to * 1000 }))
    parts.push(part);
  const bytes = Buffer.concat(parts.flatMap((part) => (part.kind === 'gap' ? [] : [part.bytes])));
  return { bytes, parts, gaps: parts.flatMap((part) => (part.kind === 'gap' ? [part.gap] : [])) };
}

describe('segments', () => {
  test('are files by wall time that begin at a key frame, with a row each', async () => {
    const { segments } = await record('rows', fragments);
    assert.deepEqual(
      segments.map(({ file }) => file.slice(clips.path('rows').length)),
      [
        '22/gate.2026-11-22T23-59-30',
        '22/gate.2026-11-22T23-59-35',
        '22/gate.2026-11-22T23-59-40',
        '22/gate.2026-11-22T23-59-45',
      ].map((name) => `/2026-11-${name}.000Z.mp4`),
    );
    for (const [index, segment] of segments.entries()) {
      assert.deepEqual([segment.from, segment.to], [began + index * 5000, began + (index + 1) * 5000]);
      assert.equal(segment.sha256, await sha256File(segment.file));
      const packets = packetsOf(segment.file);
      assert.deepEqual([packets.length, packets[0]!.key], [125, true]);
    }
    const again = await SegmentIndex.open(clips.path('rows/index.jsonl'));
    assert.deepEqual(again.segments, segments);
  });

  test('play as one stream with the packets of the source, from the key frame before', async () => {
    const { segments } = await record('joined', fragments);
    const { bytes, gaps, parts } = await played(segments, 3.5, 16);
    assert.deepEqual(gaps, []);
    assert.ok(parts[0]!.kind === 'head' && parts[0]!.at === began + 3000);
    const path = clips.path('joined.mp4');
    writeFileSync(path, bytes);
    const [all, got] = [packetsOf(source), packetsOf(path)];
    const expected = all.slice(75, 75 + got.length);
    assert.ok(got.length >= 325 && got.length <= 330);
    for (const [index, packet] of got.entries()) {
      assert.ok(Math.abs(packet.pts - expected[index]!.pts + 3) < 0.0011, `packet ${index}`);
      assert.equal(packet.size, expected[index]!.size);
    }
    assert.deepEqual(pictures(path).slice(0, 300), pictures(source).slice(75, 375));
  });

  test('name what is missing: never recorded, deleted, damaged', async () => {
    const sent = fragments.filter(({ time }) => time < 6 || time >= 9);
    const { segments } = await record('gaps', sent);
    assert.equal(segments.length, 5);
    const { gaps } = await played(segments, -10, 30);
    assert.deepEqual(
      gaps.map(({ from, to, why }) => [Math.round((from - began) / 100) / 10, (to - began) / 1000, why]),
      [
        [-10, 0, 'not recorded'],
        [6, 9, 'not recorded'],
        [20, 30, 'not recorded'],
      ],
    );
    rmSync(segments[0]!.file);
    truncateSync(segments[4]!.file, Math.round(segments[4]!.bytes / 2));
    const broken = await played(segments, 0, 20);
    assert.deepEqual(
      broken.gaps.map(({ why }) => why),
      ['file missing', 'not recorded', 'file damaged'],
    );
    const damaged = broken.gaps[2]!;
    assert.ok(
      damaged.from > began + 15_500 && damaged.from < began + 19_000 && damaged.to === began + 20_000,
    );
    writeFileSync(clips.path('broken.mp4'), broken.bytes);
    assert.ok(packetsOf(clips.path('broken.mp4')).length > 200);
  });

  test('play in a browser', async () => {
    const { segments } = await record(
      'browser',
      fragments.filter(({ time }) => time < 6 || time >= 9),
    );
    const { bytes, parts } = await played(segments, 2, 14);
    const codecs = parts[0]!.kind === 'head' ? parts[0]!.codecs : '';
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.setContent('<video muted></video>');
      const seen = await page.evaluate<Seen>(
        playInPage.replace('CODECS', codecs).replace('BYTES', bytes.toString('base64')),
      );
      assert.deepEqual([seen.width, seen.height, seen.error], [320, 180, '']);
      assert.equal(seen.buffered.length, 2, 'the gap is one in the browser too');
      const [first, second] = seen.buffered;
      assert.ok(first![0]! < 0.1 && Math.abs(first![1]! - 4) < 0.2 && Math.abs(second![0]! - 7) < 0.2);
      assert.ok(Math.abs(seen.at - 9) < 0.05);
    } finally {
      await browser.close();
    }
  });

  test('go by age and by bytes, oldest first; what is held stays, and is told', async () => {
    const index = await record('retention', fragments);
    const { segments } = index;
    const sizes = segments.map(({ bytes }) => bytes);
    const all = sizes.reduce((sum, one) => sum + one, 0);
    const now = began + 21_000;
    const holds = [{ camera: 'gate', from: began + 6000, to: began + 7000 }];
    const old = planRetention(segments, { maxAge: 8000, maxBytes: all, holds }, now);
    assert.deepEqual([old.remove, old.held], [[segments[0]], [segments[1]]]);
    const others = [{ camera: 'back', from: 0, to: now }];
    assert.equal(planRetention(segments, { maxAge: 8000, maxBytes: all, holds: others }, now).held.length, 0);
    const most = all - sizes[0]! - 1;
    const plan = await index.retain({ maxAge: 1e9, maxBytes: most, holds }, now);
    assert.deepEqual([plan.remove, plan.held], [[segments[0], segments[2]], [segments[1]]]);
    assert.ok(plan.bytes <= most);
    assert.deepEqual(
      segments.map(({ file }) => existsSync(file)),
      [false, true, false, true],
    );
    assert.deepEqual((await SegmentIndex.open(clips.path('retention/index.jsonl'))).segments, index.segments);
    assert.equal(
      planRetention(index.segments, { maxAge: 0, maxBytes: 0, holds: [{ from: 0, to: now }] }, now).bytes,
      plan.bytes,
    );
  });
});

interface Seen {
  readonly width: number;
  readonly height: number;
  readonly error: string;
  readonly buffered: readonly (readonly number[])[];
  readonly at: number;
}

/** Runs in the page, whose names this program does not know. */
const playInPage = `(async () => {
  const video = document.querySelector('video');
  const media = new MediaSource();
  const heard = (target, name) => new Promise((done) => target.addEventListener(name, done, { once: true }));
  video.src = URL.createObjectURL(media);
  await heard(media, 'sourceopen');
  const buffer = media.addSourceBuffer('video/mp4; codecs="CODECS"');
  buffer.appendBuffer(Uint8Array.from(atob('BYTES'), (letter) => letter.charCodeAt(0)));
  await heard(buffer, 'updateend');
  const ranges = video.buffered;
  const buffered = Array.from({ length: ranges.length }, (_, index) => [ranges.start(index), ranges.end(index)]);
  video.currentTime = 9;
  await heard(video, 'seeked');
  const { videoWidth: width, videoHeight: height, currentTime: at } = video;
  return { width, height, error: video.error?.message ?? '', buffered, at };
})()`;

describe('a camera with privacy zones', () => {
  const zones: ZonePolygon[] = [
    [
      [0.1, 0.2],
      [0.5, 0.2],
      [0.4, 0.8],
      [0.1, 0.9],
    ],
    [
      [0.8, 0.8],
      [1, 0.8],
      [1, 1],
      [0.8, 1],
    ],
  ];

  test('may not be copied', () => {
    assert.deepEqual(recordingMode([]), { kind: 'copy' });
    assertMayCopy(recordingMode([]));
    const mode = recordingMode(zones);
    assert.deepEqual(mode, { kind: 'blanked', zones });
    assert.throws(() => assertMayCopy(mode), { code: 'E_PRIVACY_RECORDED' });
  });

  test('is recorded without the pixels of the zones, and with all others', async () => {
    // Noise that never repeats: whatever of a zone were in the file would be seen.
    const noisy = clips.path('noise.mp4');
    const noise =
      'nullsrc=size=322x182:rate=25:duration=3,geq=random(1)*255:128+60*random(2):128+60*random(3)';
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      noise,
      '-c:v',
      'libx264',
      '-crf',
      '8',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      noisy,
    );
    const recorder = new BlankedRecorder({ zones, now: () => began });
    const ring = new PacketRing({ seconds: 60, bytes: 64 << 20 });
    const take = (parts: readonly StreamPart[]): void => {
      for (const part of parts) {
        if (part.kind === 'head') ring.start(part.head);
        else ring.push(part.fragment);
      }
    };
    for await (const frame of (await openVideo(noisy)).frames()) take(await recorder.push(frame));
    take(await recorder.end());
    const path = clips.path('blanked.mp4');
    writeFileSync(path, Buffer.concat([...clipBytes(ring.clipOf(0, 60)!)]));
    const packets = packetsOf(path);
    assert.deepEqual([packets.length, packets.filter(({ key }) => key).length], [75, 3]);
    const raw = (file: string): Buffer => ffmpeg('-i', file, '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-');
    const [before, recorded] = [raw(noisy), raw(path)];
    const size = (322 * 182 * 3) / 2;
    assert.equal(recorded.length, 75 * size);
    const samples = { inside: [] as number[], outside: [] as number[] };
    for (let frame = 0; frame < 75; frame += 8) {
      for (let y = 0; y < 182; y++) {
        for (let x = 0; x < 322; x++) {
          const at = frame * size + y * 322 + x;
          const hidden = isHidden((x + 0.5) / 322, (y + 0.5) / 182);
          if (hidden) samples.inside.push(recorded[at]!);
          else if (x > 180 && y < 140) samples.outside.push(Math.abs(recorded[at]! - before[at]!));
        }
      }
    }
    const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
    assert.ok(mean(samples.inside) < 17 && mean(samples.inside) > 15, `${mean(samples.inside)}`);
    // What the coding of the border next to a zone spills is noise of that border, a few samples wide.
    assert.ok(samples.inside.filter((sample) => sample > 40).length / samples.inside.length < 0.001);
    assert.ok(mean(samples.outside) < 20, 'the rest is recorded');
  });

  function isHidden(x: number, y: number): boolean {
    if (x >= 0.8 && y >= 0.8) return true;
    const left = x >= 0.1;
    const top = y >= 0.2;
    const right = x <= 0.5 - (0.1 * (y - 0.2)) / 0.6;
    const bottom = y <= 0.9 - (0.1 * (x - 0.1)) / 0.3;
    return left && top && right && bottom;
  }
});
