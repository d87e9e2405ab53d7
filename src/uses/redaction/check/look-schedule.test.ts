import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plan, region } from '../../../../test/redaction-plan.ts';
import { efforts } from '../../../vision/effort.ts';
import type { Region } from '../plan.ts';
import { LookSchedule } from './look-schedule.ts';

/** The frames of a clip of 25 frames per second that are looked at; `+` where text is read as well. */
function looks(
  count: number,
  regions: Region[],
  options: { cut?: number; text?: boolean; fps?: number } = {},
): string {
  const { text, ...rest } = { ...efforts.standard, every: 6 };
  const schedule = new LookSchedule(
    plan({ regions }),
    options.text === true ? { ...rest, ...(text && { text }) } : rest,
  );
  const seen: string[] = [];
  const note = (frame: number, kind: string | undefined): void => {
    if (kind !== undefined) seen.push(`${frame}${kind === 'frame' ? '+' : ''}`);
  };
  for (let frame = 0; frame < count; frame += 1) {
    const time = frame / (options.fps ?? 25);
    if (frame === options.cut) note(frame - 1, schedule.closing());
    if (schedule.wantsBefore(time)) note(frame - 1, 'no');
    note(frame, schedule.due(time, frame === options.cut));
  }
  note(count - 1, schedule.closing());
  return seen.join(' ');
}

test('every sixth frame and the last one', () => {
  assert.equal(looks(15, []), '0 6 12 14');
  assert.equal(looks(13, []), '0 6 12');
});

test('frames of a slow camera one by one', () => {
  assert.equal(looks(4, [], { fps: 1 }), '0 1 2 3');
});

test('both sides of a cut', () => {
  assert.equal(looks(14, [], { cut: 9 }), '0 6 8 9 13');
});

test('just before a track begins and just after it ends', () => {
  const late = region({ start: 10 / 25, end: 16 / 25 });
  assert.equal(looks(24, [late]), '0 6 9 15 18 23');
});

test('tracks that begin and end all the time do not bring more than one look in three frames', () => {
  const busy = Array.from({ length: 30 }, (_, index) =>
    region({ id: `face-${index}`, start: index / 25, end: (index + 1) / 25 }),
  );
  const frames = looks(30, busy).split(' ').map(Number);
  assert.ok(frames.every((frame, index) => index === 0 || frame - frames[index - 1]! >= 3 || frame === 29));
});

test('text is read every 0.6 seconds, in the first frame of a scene and, unless just done, in the last', () => {
  assert.equal(looks(40, [], { text: true }), '0+ 6 12 18+ 24 30 36+ 39');
  assert.equal(looks(30, [], { text: true, cut: 10 }), '0+ 6 9+ 10+ 16 22 28+ 29');
});
