import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { observe, person, pictureSize } from '../../../test/moving-things.ts';
import type { Observation } from '../../core/observation.ts';
import { Random } from '../../core/random.ts';
import { Tracker, type Track } from './tracker.ts';

/** Runs a tracker over what `scene` shows at each of the given times. */
function follow(times: readonly number[], scene: (time: number, frame: number) => Observation[]): Track[] {
  const tracker = new Tracker();
  times.forEach((time, frame) => tracker.update(time, frame, scene(time, frame), pictureSize));
  return tracker.finish();
}

const regular = (seconds: number, rate = 25): number[] =>
  Array.from({ length: seconds * rate }, (_, frame) => frame / rate);

const thingsOf = (track: Track): Set<string | undefined> =>
  new Set(track.detections.map((detection) => detection.observation.text));

const crossing = (time: number): Observation[] => [
  observe(person(100 + 100 * time), 'right'),
  observe(person(500 - 100 * time, 190), 'left'),
];

describe('tracker', () => {
  test('keeps the identities of two people who walk through each other', () => {
    for (const times of [regular(4), regular(4, 8)]) {
      const tracks = follow(times, crossing);
      assert.equal(tracks.length, 2);
      for (const track of tracks) assert.equal(thingsOf(track).size, 1);
    }
  });

  test('keeps an identity that is hidden while it passes another', () => {
    const tracks = follow(regular(4), (time) =>
      crossing(time).filter((_, at) => at === 0 || Math.abs(time - 2) > 0.3),
    );
    assert.equal(tracks.length, 2);
    for (const track of tracks) assert.equal(thingsOf(track).size, 1);
  });

  test('takes frames at irregular times', () => {
    const random = new Random('irregular');
    let time = 0;
    const times = Array.from({ length: 80 }, () => (time += random.between(0.005, 0.12)));
    const tracks = follow(times, (moment) => (moment < 4.5 ? crossing(moment) : []));
    assert.equal(tracks.length, 2);
    for (const track of tracks) assert.equal(thingsOf(track).size, 1);
  });

  test('needs several observations to believe in a thing, and no more than that', () => {
    const tracks = follow(regular(1), (_, frame) => [
      observe(person(100), 'real'),
      ...(frame === 5 ? [observe(person(400), 'ghost')] : []),
    ]);
    assert.equal(tracks.length, 1);
    assert.equal(tracks[0]!.id, 'person-1');
    assert.equal(tracks[0]!.detections.length, 25);
    assert.deepEqual(tracks[0]!.detections[3]!.frame, 3);
  });

  test('carries a track on with weak observations but starts none from them', () => {
    const tracks = follow(regular(2), (time) => [
      observe(person(100 + 50 * time), 'fading', time < 1 ? 0.9 : 0.2),
      observe(person(500), 'weak', 0.3),
    ]);
    assert.equal(tracks.length, 1);
    assert.equal(tracks[0]!.detections.length, 50);
  });

  test('follows each class by itself', () => {
    const tracks = follow(regular(1), () => [
      observe(person(100), 'a', 0.9, 'person'),
      observe(person(100), 'b', 0.9, 'bag'),
    ]);
    assert.deepEqual(tracks.map((track) => track.id).sort(), ['bag-1', 'person-1']);
    for (const track of tracks) assert.equal(thingsOf(track).size, 1);
  });

  test('ends every track at a cut', () => {
    const tracker = new Tracker();
    for (const time of regular(2)) {
      if (time === 1) tracker.cut();
      tracker.update(time, Math.round(time * 25), [observe(person(100), 'same place')], pictureSize);
    }
    const tracks = tracker.finish();
    assert.deepEqual(
      tracks.map((track) => [track.detections[0]!.frame, track.detections.at(-1)!.frame]),
      [
        [0, 24],
        [25, 49],
      ],
    );
  });

  test('shows where confirmed things are expected, and hands over ended tracks once', () => {
    const tracker = new Tracker();
    for (const time of regular(1)) {
      tracker.update(time, 0, [observe(person(100 + 100 * time), 'walker')], pictureSize);
      if (time < 0.05) assert.deepEqual(tracker.active(time), []);
    }
    const [walker] = tracker.active(1.2);
    assert.ok(Math.abs(walker!.box.x + 20 - 220) < 3, `at ${walker!.box.x + 20}`);
    assert.ok(Math.abs(walker!.velocity.x - 100) < 5);
    assert.equal(walker!.lastSeen, 0.96);
    assert.deepEqual(tracker.takeEnded(), []);
    for (const time of regular(4)) tracker.update(1 + time, 0, [], pictureSize);
    assert.deepEqual(tracker.active(5), []);
    assert.equal(tracker.takeEnded().length, 1);
    assert.deepEqual(tracker.finish(), []);
  });

  test('confirms a thing that is looked for only once in five seconds', () => {
    const tracks = follow([0, 5, 10, 15, 20], () => [observe(person(100), 'parked')]);
    assert.equal(tracks.length, 1);
    assert.equal(tracks[0]!.detections.length, 5);
  });

  test('gives the same tracks for the same observations', () => {
    const run = (): Track[] => {
      const random = new Random('noise');
      return follow(regular(3), (time) =>
        crossing(time).flatMap((seen) =>
          random.next() < 0.2
            ? []
            : [observe({ ...seen.box, x: seen.box.x + 6 * random.normal() }, seen.text!)],
        ),
      );
    };
    assert.deepEqual(run(), run());
  });
});
