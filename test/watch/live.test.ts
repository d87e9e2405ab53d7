import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { canServe, startRtspServer, type RtspServer } from '../../material/rtsp/server.ts';
import { ffmpeg } from '../media-clips.ts';
import { needs, pedestrianClip } from '../needs.ts';
import { assertGone, descendants, jsonLines, start } from '../redaction/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-live-'));
const site = join(folder, 'port.yaml');
const password = 'harbour%secret@7';

writeFileSync(
  site,
  `site: Port
timeZone: Europe/London
cameras:
  - id: gate
    zones:
      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all, severity: high }
`,
);

describe('tidewaiter watch rtsp://...', () => {
  let server: RtspServer;
  before(async () => {
    if (!canServe) return;
    const frames = join(folder, 'frames');
    mkdirSync(frames);
    ffmpeg('-i', pedestrianClip, '-frames:v', '120', '-q:v', '3', join(frames, '%05d.jpg'));
    server = await startRtspServer({
      mounts: { '/gate': { width: 768, height: 576, fps: 7, frames: join(frames, '%05d.jpg') } },
      user: 'guard',
      password,
    });
    process.env['TIDEWAITER_CAMERA_USER'] = 'guard';
    process.env['TIDEWAITER_CAMERA_PASSWORD'] = password;
  });
  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('alerts come as they happen; Ctrl-C ends it with a summary and leaves no process', async (t) => {
    if (!needs(t, 'gstreamer', 'opencv-doc', 'ffmpeg')) return;
    const run = start(['watch', server.url('/gate'), '--site', site, '--json']);
    await run.saw(/"event":"alert"/);
    const below = descendants(run.pid);
    assert.ok(below.length > 0);
    run.process.kill('SIGINT');
    const answer = await run.ended;
    await assertGone(below);
    assert.equal(answer.code, 130, answer.stderr);
    const lines = jsonLines(answer);
    assert.deepEqual(
      lines.filter(({ event }) => event === 'state').map(({ state }) => state),
      ['connecting', 'live'],
    );
    const alert = lines.find(({ event }) => event === 'alert')!;
    assert.equal((alert['reason'] as { text: string }).text, 'person entered zone all');
    assert.ok(Math.abs(Date.now() - Number(alert['at'])) < 60_000, 'the wall time is that of the frame');
    const result = lines.at(-1)!;
    assert.equal(result.event, 'result');
    assert.ok(
      Number(result['frames']) > 0 && Number(result['alerts']) >= 1 && Number(result['incidents']) >= 1,
    );
    assert.ok(!run.printed().includes('secret'), 'the password is nowhere');
  });

  test('a wrong password and an address that is none are said, without the password', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const address = server.url('/gate').replace('rtsp://', 'rtsp://guard:wrong-secret@');
    const run = start(['watch', address, '--site', site]);
    await run.saw(/lost +E_LIVE_PASSWORD: rtsp:\/\/127\.0\.0\.1:\d+\/gate refuses/);
    run.process.kill('SIGINT');
    assert.match((await run.ended).stdout, /0 alerts in 0 incidents.*pictures for 0\.0 of/);
    assert.ok(!run.printed().includes('secret'));
    const wrong = await start(['watch', 'rtps://guard:secret@camera/x', '--site', site]).ended;
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /E_LIVE_ADDRESS/);
    assert.ok(!wrong.stderr.includes('secret'));
  });
});
