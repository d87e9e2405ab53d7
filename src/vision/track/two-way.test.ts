import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { observe, person, pictureSize } from '../../../test/moving-things.ts';
import { coverage } from '../../core/box.ts';
import type { Observation } from '../../core/observation.ts';
import { Random } from '../../core/random.ts';
import { DetectionLog } from './detection-log.ts';
import { boxAt, type Trajectory } from './trajectory.ts';
import { trackTwoWay, type TwoWayOptions } from './two-way.ts';

const rate = 25;

interface Film {
  readonly frames: number;
  /** Detection runs on every `step`-th frame. */
  readonly step?: number;
  readonly cuts?: readonly number[];
}

function record(
  { frames, step = 1, cuts = [] }: Film,
  scene: (frame: number) => Observation[],
): DetectionLog {
  const log = new DetectionLog(pictureSize);
  for (let frame = 0; frame < frames; frame++) {
    log.addFrame(frame / rate, cuts.includes(frame));
    if (frame % step === 0) log.add(frame, scene(frame));
  }
  return log;
}

const bare: Partial<TwoWayOptions> = { guardFrames: 0, guardTime: 0, smoothing: 'off' };
const frameAt = (time: number): number => Math.round(time * rate);
const span = (trajectory: Trajectory): [number, number] => [
  frameAt(trajectory.start),
  frameAt(trajectory.end),
];
const walker = (frame: number, score = 0.9): Observation => observe(person(100 + 2 * frame), 'walker', score);

describe('two-way tracking', () => {
  test('begins a track at its first weak observation and ends it at the last', () => {
    const log = record({ frames: 100 }, (frame) =>
      frame < 10 || frame > 80 ? [] : [walker(frame, frame > 30 && frame < 60 ? 0.9 : 0.2)],
    );
    const trajectories = trackTwoWay(log, bare);
    assert.equal(trajectories.length, 1);
    assert.deepEqual(span(trajectories[0]!), [10, 80]);
    assert.equal(trajectories[0]!.detections, 71);
  });

  test('fills a gap along the way', () => {
    for (const [gapStart, gapEnd] of [
      [40, 60],
      [30, 95],
    ] as const) {
      const log = record({ frames: 130 }, (frame) =>
        frame > gapStart && frame < gapEnd ? [] : [walker(frame)],
      );
      const trajectories = trackTwoWay(log, bare);
      assert.equal(trajectories.length, 1);
      for (let frame = 0; frame < 130; frame++) {
        const box = boxAt(trajectories[0]!, frame / rate);
        assert.ok(coverage(person(100 + 2 * frame), box!) > 0.97, `frame ${frame}`);
      }
    }
  });

  test('does not join what the motions on both sides do not', () => {
    const log = record({ frames: 130 }, (frame) => {
      if (frame < 40) return [observe(person(100 + 2 * frame), 'right')];
      return frame < 70 ? [] : [observe(person(560), 'elsewhere')];
    });
    assert.deepEqual(
      trackTwoWay(log, bare).map((trajectory) => trajectory.text),
      ['right', 'elsewhere'],
    );
  });

  test('covers every frame when detection runs on every third', () => {
    const log = record({ frames: 100, step: 3 }, (frame) => [walker(frame)]);
    const [trajectory] = trackTwoWay(log, bare);
    for (let frame = 0; frame < 100; frame++) {
      const box = boxAt(trajectory!, frame / rate);
      assert.ok(coverage(person(100 + 2 * frame), box!) > 0.97, `frame ${frame}`);
    }
  });

  test('never crosses a cut, with gaps, guards and still things', () => {
    const log = record({ frames: 100, cuts: [50], step: 3 }, () => [observe(person(300), 'still')]);
    const trajectories = trackTwoWay(log, { guardFrames: 20, guardTime: 2 });
    assert.deepEqual(trajectories.map(span), [
      [0, 49],
      [50, 99],
    ]);
    const gap = record({ frames: 100, cuts: [50] }, (frame) =>
      frame > 45 && frame < 55 ? [] : [walker(frame)],
    );
    assert.deepEqual(trackTwoWay(gap, bare).map(span), [
      [0, 45],
      [55, 99],
    ]);
  });

  test('adds guard frames by count or time, within the file, that follow the motion', () => {
    const scene = (frame: number): Observation[] => (frame < 40 || frame > 60 ? [] : [walker(frame)]);
    const log = record({ frames: 100 }, scene);
    const spanWith = (options: Partial<TwoWayOptions>): [number, number] =>
      span(trackTwoWay(log, { ...bare, ...options })[0]!);
    assert.deepEqual(spanWith({ guardFrames: 3 }), [37, 63]);
    assert.deepEqual(spanWith({ guardFrames: 3, guardTime: 0.2 }), [35, 65]);
    assert.deepEqual(spanWith({ guardTime: 60 }), [0, 99]);
    const [guarded] = trackTwoWay(log, { ...bare, guardFrames: 5 });
    for (let frame = 35; frame <= 65; frame++) {
      assert.ok(coverage(person(100 + 2 * frame), boxAt(guarded!, frame / rate)!) > 0.95, `frame ${frame}`);
    }
    // The frames that nobody looked at belong to the track, guard or not.
    const sparse = record({ frames: 100, step: 10 }, scene);
    assert.deepEqual(span(trackTwoWay(sparse, bare)[0]!), [31, 69]);
  });

  test('drops what is both weak and short', () => {
    const log = record({ frames: 50 }, (frame) => [
      ...(frame < 2 ? [observe(person(100), 'short', 0.65)] : []),
      ...(frame === 30 ? [observe(person(300), 'strong', 0.95)] : []),
      observe(person(500), 'long', 0.65),
    ]);
    const texts = trackTwoWay(log, { minBestScore: 0.7, minDetections: 3 }).map(
      (trajectory) => trajectory.text,
    );
    assert.deepEqual(texts.sort(), ['long', 'strong']);
  });

  test('keeps identities where two cross, numbers them by start, and lets classes differ in settings', () => {
    const log = record({ frames: 100 }, (frame) => [
      observe(person(100 + 4 * frame), 'right'),
      observe(person(500 - 4 * frame, 190), 'left'),
      observe({ x: 10, y: 10, width: 60, height: 20 }, 'AB 123', 0.3, 'text'),
    ]);
    assert.deepEqual(
      trackTwoWay(log, {}, { text: { highScore: 0.25, birthScore: 0.25 } }).map((one) => [one.id, one.text]),
      [
        ['person-1', 'right'],
        ['person-2', 'left'],
        ['text-1', 'AB 123'],
      ],
    );
    assert.equal(trackTwoWay(log).length, 2);
  });

  test('gives the text, kind and model that most of the evidence speaks for', () => {
    const box = { x: 100, y: 100, width: 90, height: 30 };
    const log = record({ frames: 9 }, (frame) => [
      { ...observe(box, frame < 3 ? 'A8' : 'AB', frame < 3 ? 0.65 : 0.9, 'plate'), kind: 'plate' },
    ]);
    const [plate] = trackTwoWay(log);
    assert.equal(plate!.text, 'AB');
    assert.equal(plate!.kind, 'plate');
    assert.equal(plate!.model.id, 'made-up');
    assert.ok(Math.abs(plate!.bestScore - 0.9) < 1e-6);
  });

  test('covering never shows what was observed; smoothing lies nearer to the truth', () => {
    const random = new Random('jitter');
    const seen = new Map<number, Observation>();
    const log = record({ frames: 200 }, (frame) => {
      const { x, y, width, height } = person(100 + 2 * frame);
      const wobble = (): number => 4 * random.normal();
      const box = { x: x + wobble(), y: y + wobble(), width: width + wobble(), height: height + wobble() };
      seen.set(frame, observe(box, 'walker'));
      return [seen.get(frame)!];
    });
    const covering = trackTwoWay(log, { ...bare, smoothing: 'cover' })[0]!;
    for (const [frame, { box }] of seen) {
      assert.ok(coverage(box, boxAt(covering, frame / rate)!) > 0.9999, `frame ${frame}`);
    }
    const missOf = (smoothing: 'off' | 'smooth'): number => {
      const path = trackTwoWay(log, { ...bare, smoothing })[0]!;
      return [...seen.keys()].reduce((sum, frame) => {
        const box = boxAt(path, frame / rate)!;
        return sum + Math.abs(box.x + box.width / 2 - 100 - 2 * frame);
      }, 0);
    };
    assert.ok(missOf('smooth') < 0.6 * missOf('off'));
  });

  test('does not depend on the order in which detectors report', () => {
    const scene = (frame: number): Observation[] => [walker(frame), observe(person(500), 'still', 0.8)];
    const inOrder = record({ frames: 40 }, scene);
    const late = record({ frames: 40, step: 100 }, scene);
    for (let frame = 39; frame > 0; frame--) late.add(frame, scene(frame));
    assert.deepEqual(trackTwoWay(late), trackTwoWay(inOrder));
  });

  test('finds nothing in an empty log, and the log refuses what cannot be', () => {
    const log = new DetectionLog(pictureSize);
    assert.deepEqual(trackTwoWay(log), []);
    log.addFrame(0);
    assert.throws(() => log.addFrame(0), RangeError);
    assert.throws(() => log.add(1, []), RangeError);
  });
});
