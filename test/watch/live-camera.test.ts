import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { evaluationPermit } from '../../src/core/permit.ts';
import type { StreamHead } from '../../src/media/live/index.ts';
import type { Alert } from '../../src/uses/watch/alert.ts';
import { watchCamera, type CameraFrame, type Snapshot } from '../../src/uses/watch/live.ts';
import { parseSite } from '../../src/uses/watch/site/read.ts';
import { canServe, startRtspServer, type RtspServer } from '../../material/rtsp/server.ts';
import { ffmpeg } from '../media-clips.ts';
import { needs, pedestrianClip } from '../needs.ts';
import { testCache } from '../redaction/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-camera-'));

/** A site whose cameras are one with a privacy zone on the left and one without. */
const site = parseSite(
  `site: Port
timeZone: Europe/London
cameras:
  - id: private
    privacy:
      - { name: left, polygon: [[0, 0], [0.3, 0], [0.3, 1], [0, 1]] }
    zones:
      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all }
  - id: open
`,
  'port.yaml',
);

describe('watchCamera', { concurrency: true }, () => {
  let server: RtspServer;
  before(async () => {
    if (!canServe) return;
    const frames = join(folder, 'frames');
    mkdirSync(frames);
    ffmpeg('-i', pedestrianClip, '-frames:v', '120', '-q:v', '3', join(frames, '%05d.jpg'));
    server = await startRtspServer({
      mounts: {
        '/gate': { width: 768, height: 576, fps: 7, frames: join(frames, '%05d.jpg') },
        '/main': { width: 640, height: 480, fps: 10, pattern: 'ball' },
        '/small': { width: 320, height: 240, fps: 5, pattern: 'ball', codec: 'mjpeg' },
      },
    });
  });
  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const engine = { permit: evaluationPermit, cacheDir: testCache, threads: 1 };
  const common = { calendar: site.calendar, engine, budget: 10 };

  test('an alert brings its picture, privacy zones black, and masked; what is recorded is black there too', async (t) => {
    if (!needs(t, 'gstreamer', 'opencv-doc', 'ffmpeg')) return;
    const ending = new AbortController();
    const alerts: [Alert, Snapshot][] = [];
    const frames: CameraFrame[] = [];
    const recorded: Uint8Array[] = [];
    const masked: Snapshot[] = [];
    const summary = await watchCamera(
      {
        ...common,
        source: { url: server.url('/gate') },
        camera: site.cameras[0]!,
        frames: { perSecond: 2, width: 320 },
      },
      {
        signal: ending.signal,
        onAlert: (alert, snapshot, hidden) => {
          alerts.push([alert, snapshot]);
          masked.push(hidden!);
          if (recorded.length > 1) ending.abort();
        },
        onFrame: (frame) => void frames.push(frame),
        onHead: ({ bytes }) => void recorded.push(bytes),
        onFragment: ({ bytes }) => {
          recorded.push(bytes);
          if (alerts.length > 0) ending.abort();
        },
        onMasked: (frame) => void masked.push(frame),
      },
    );
    const [alert, snapshot] = alerts[0]!;
    assert.equal(alert.camera, 'private');
    assert.deepEqual([snapshot.width, snapshot.height], [768, 576]);
    for (const { jpeg, width, height } of [snapshot, frames[0]!]) {
      const hidden = { left: 0, top: 0, width: Math.floor(width * 0.28), height };
      const shown = { left: Math.ceil(width * 0.4), top: 0, width: Math.floor(width * 0.5), height };
      assert.ok((await brightest(jpeg, hidden)) < 16, 'the privacy zone is black');
      assert.ok((await brightest(jpeg, shown)) > 100);
    }
    assert.equal(frames[0]!.width, 320);
    const people = frames.flatMap(({ things }) => things);
    assert.ok(people.some((thing) => thing.class === 'person' && thing.box.x + thing.box.width <= 330));
    for (const { width, jpeg } of masked) assert.ok(width === 480 && jpeg.length > 0);
    assert.ok(masked.length > 1);
    const clip = join(folder, 'blanked.mp4');
    writeFileSync(clip, Buffer.concat(recorded));
    const still = ffmpeg('-i', clip, '-frames:v', '1', '-f', 'image2', '-c:v', 'png', '-');
    assert.ok((await brightest(still, { left: 0, top: 0, width: 215, height: 576 })) < 24);
    assert.ok((await brightest(still, { left: 307, top: 0, width: 384, height: 576 })) > 100);
    assert.ok(summary.frames > 0 && summary.live > 0 && summary.stamp === 'EVALUATION');
  });

  test('with a second stream, the small one is looked at and the main one copied', async (t) => {
    if (!needs(t, 'gstreamer', 'opencv-doc', 'ffmpeg')) return;
    const ending = new AbortController();
    const seen = { heads: [] as StreamHead[], fragments: 0, frames: 0, states: [] as string[] };
    const done = (): void => {
      if (seen.fragments >= 10 && seen.frames >= 3) ending.abort();
    };
    await watchCamera(
      {
        ...common,
        source: { url: server.url('/main') },
        detect: { url: server.url('/small') },
        camera: site.cameras[1]!,
        frames: { perSecond: 5, width: 1280 },
      },
      {
        signal: ending.signal,
        onState: ({ state }) => void seen.states.push(state),
        onHead: (head) => void seen.heads.push(head),
        onFragment: () => {
          seen.fragments++;
          done();
        },
        onFrame: ({ width, height }) => {
          seen.frames++;
          assert.deepEqual([width, height], [320, 240]);
          done();
        },
      },
    );
    assert.ok(seen.heads.length > 0);
    for (const { width, height } of seen.heads) assert.deepEqual([width, height], [640, 480]);
    assert.deepEqual(seen.states.slice(0, 2), ['connecting', 'live']);
  });
});

async function brightest(
  jpeg: Uint8Array,
  part: { left: number; top: number; width: number; height: number },
): Promise<number> {
  const levels = await sharp(jpeg).extract(part).grayscale().raw().toBuffer();
  return levels.reduce((most, level) => Math.max(most, level), 0);
}
