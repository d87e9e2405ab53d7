import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ffmpeg } from '../media-clips.ts';
import { needs, pedestrianClip, sharedData } from '../needs.ts';
import { start } from '../redaction/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-watch-'));
const site = join(folder, 'port.yaml');
const clip = join(folder, 'clip.mp4');

/** The whole picture is a zone; the gate is watched at night only. */
const siteText = `site: Port
timeZone: Europe/London
calendar:
  open:
    monday: [08:00-18:00]
cameras:
  - id: gate
    privacy:
      - { name: left half, polygon: [[0, 0], [0.5, 0], [0.5, 1], [0, 1]] }
    zones:
      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: anybody, kind: zone-entry, zone: all, severity: high }
`;

interface Line {
  readonly event: string;
  readonly suppressed?: string;
  readonly incident?: string;
  readonly id?: string;
  readonly alerts?: readonly string[] | number;
  readonly box?: { readonly x: number; readonly width: number };
  readonly reason?: {
    readonly schedule: { readonly armed: boolean; readonly why: string };
    readonly text: string;
  };
  readonly stamp?: string;
  readonly frames?: number;
}

async function watch(...words: readonly string[]): Promise<Line[]> {
  const answer = await start([
    'watch',
    '--replay',
    clip,
    '--site',
    site,
    '--as-fast-as-possible',
    '--rate',
    '7',
    '--json',
    ...words,
  ]).ended;
  assert.equal(answer.code, 0, answer.stderr);
  return answer.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('tidewaiter watch', () => {
  before(() => {
    writeFileSync(site, siteText);
    if (existsSync(pedestrianClip))
      ffmpeg(
        '-i',
        pedestrianClip,
        '-frames:v',
        '24',
        '-c:v',
        'libx264',
        '-crf',
        '14',
        '-pix_fmt',
        'yuv420p',
        clip,
      );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('at night people are alerts in incidents, never from a privacy zone', async (t) => {
    if (!needs(t, 'opencv-doc', 'ffmpeg')) return;
    const lines = await watch('--start', '2026-11-23T23:00:00Z');
    const told = lines.filter(({ event }) => event === 'alert');
    const alerts = told.filter(({ suppressed }) => suppressed === undefined);
    assert.ok(alerts.length >= 2);
    assert.ok(told.every(({ suppressed = 'same event' }) => suppressed === 'same event'));
    for (const { box, incident, reason } of alerts) {
      assert.ok(box!.x + box!.width / 2 > 0.48 * 768, 'nothing of the left half was seen');
      assert.ok(incident !== undefined && reason!.schedule.armed);
      assert.equal(reason!.text, 'person entered zone all');
    }
    const incidents = lines.filter(({ event }) => event === 'incident');
    assert.deepEqual(
      new Set(incidents.flatMap((one) => one.alerts as string[])),
      new Set(alerts.map(({ id }) => id!)),
    );
    const result = lines.at(-1)!;
    assert.deepEqual([result.event, result.frames, result.stamp], ['result', 24, 'EVALUATION']);
  });

  test('while the site is open the same alerts are kept, marked, and make no incident', async (t) => {
    if (!needs(t, 'opencv-doc', 'ffmpeg')) return;
    const lines = await watch('--start', '2026-11-23T12:00:00Z');
    const alerts = lines.filter(({ event }) => event === 'alert');
    assert.ok(alerts.length >= 2);
    for (const { suppressed, incident } of alerts)
      assert.deepEqual([suppressed, incident], ['site open', undefined]);
    assert.ok(!lines.some(({ event }) => event === 'incident'));

    // On a terminal nobody wonders why it was silent.
    const noon = ['--site', site, '--as-fast-as-possible', '--rate', '7', '--start', '2026-11-23T12:00:00Z'];
    const { stdout } = await start(['watch', '--replay', clip, ...noon]).ended;
    assert.match(
      stdout,
      new RegExp(
        `^0 alerts in 0 incidents, ${alerts.length} suppressed \\(site open ${alerts.length}\\); 24 frames`,
      ),
    );
  });

  test('a wrong site file, an unknown camera and a file that is no video are said', async () => {
    writeFileSync(join(folder, 'wrong.yaml'), siteText.replace('zone: all,', 'zone: al,'));
    const cases = [
      [
        ['--replay', site, '--site', join(folder, 'wrong.yaml')],
        /E_SITE_FILE: wrong\.yaml, line 13: cameras\[0\]\.rules\[0\]\.zone/,
      ],
      [['--replay', site, '--site', site, '--camera', 'back'], /E_CAMERA_UNKNOWN/],
      [['--replay', site, '--site', site], /E_FORMAT|E_UNREADABLE/],
      [['--site', site], /E_OPTION.*--replay/],
    ] as const;
    await Promise.all(
      cases.map(async ([words, said]) => {
        const { code, stderr } = await start(['watch', ...words]).ended;
        assert.equal(code, 2, stderr);
        assert.match(stderr, said);
      }),
    );
  });

  test('Ctrl-C ends a replay in real time at once', async (t) => {
    if (!needs(t, 'opencv-doc')) return;
    const run = start([
      'watch',
      '--replay',
      pedestrianClip,
      '--site',
      site,
      '--start',
      '2026-11-23T23:00:00Z',
    ]);
    await run.saw(/person entered/);
    run.process.kill('SIGINT');
    assert.equal((await run.ended).code, 130);
  });

  test('evaluate scores a watch against annotation', async (t) => {
    if (!needs(t, 'opencv-doc', 'ffmpeg', 'shared')) return;
    const truth = join(sharedData, 'watch/PETS09-S2L1/gt.txt');
    const { code, stdout, stderr } = await start([
      'watch',
      'evaluate',
      '--truth',
      truth,
      '--video',
      clip,
      '--site',
      site,
      '--rate',
      '7',
      '--json',
    ]).ended;
    assert.equal(code, 0, stderr);
    const card = JSON.parse(stdout.trim().split('\n').at(-1)!);
    assert.equal(card.frames, 24);
    assert.ok(card.entries.truth >= 4 && card.entries.matched <= card.entries.alerts);
    assert.ok(card.detection.precision.value > 0.7 && card.detection.precision.n > 30);
    assert.ok(card.detection.recall.low < card.detection.recall.value);
  });
});
