import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClipTruth } from '../../../scenes/clip/clip.ts';
import { composeScene } from '../../../scenes/scene.ts';
import type { Truth } from '../../../scenes/truth.ts';
import { clopperPearsonUpper } from '../../../stats/index.ts';
import { discernible, smallest } from './bands.ts';
import { overRedaction, scoreClasses, shareOf } from './score.ts';
import { type ClassMask, judgeClip, type Sighting } from './sightings.ts';

/** A clip whose truth comes from a scene without photographs: plates, heads and text. */
async function drawnClip(seed: number): Promise<ClipTruth> {
  const scene = await composeScene({
    ...{ seed, width: 640, height: 360, frames: 10, settings: ['street'] as const },
    cast: { vehicle: 0, traffic: 3, stranger: 3, notice: 1 },
  });
  const frames = scene.times.map((time, index) => ({
    time,
    light: scene.light(index),
    things: scene.truth(index),
  }));
  return { width: scene.width, height: scene.height, cuts: [], frames };
}

/** Masks that are the truth itself, less what is left out. */
function perfect(
  truth: ClipTruth,
  leave: (thing: Truth, frame: number) => boolean,
): (time: number) => ClassMask[] {
  const classes: Readonly<Record<string, string>> = { head: 'head', face: 'face', plate: 'plate' };
  return (time) => {
    const frame = truth.frames.findIndex((candidate) => candidate.time === time);
    return truth.frames[frame]!.things.filter(
      (thing) => !['person', 'vehicle', 'container', 'document', 'label', 'screen'].includes(thing.class),
    )
      .filter((thing) => !leave(thing, frame))
      .map((thing) => ({
        class: classes[thing.class] ?? 'text',
        shape: 'box' as const,
        box: boundOf(thing),
      }));
  };
}

/** The box of a turned thing's corners. */
function boundOf({ box, corners }: Truth): Truth['box'] {
  if (corners === undefined) return box;
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function sighting(frame: number, share: number, cluster: string, track = cluster): Sighting {
  return { class: 'face', track, cluster, frame, share, pixels: 40, turn: 0, light: 1, blur: 0, hidden: 0 };
}

describe('scores', () => {
  test('are perfect for masks that are the truth', async () => {
    const truth = await drawnClip(1);
    const clip = judgeClip(
      'a',
      truth,
      perfect(truth, () => false),
    );
    const scores = scoreClasses([clip]);
    assert.ok(scores.length >= 3, scores.map((score) => score.class).join());
    for (const { recall, leak } of scores) {
      assert.equal(recall.covered, recall.sightings);
      assert.deepEqual([leak.exposed, leak.longestRun], [0, 0]);
    }
    assert.ok(clip.people.truth > 0 && clip.people.outside < 1e-6 * clip.people.truth);
  });

  test('see one thing that is left out, and for how long', async () => {
    const truth = await drawnClip(1);
    const whole = judgeClip(
      'a',
      truth,
      perfect(truth, () => false),
    );
    // Something that can be made out all the time.
    const [victim] = [...Map.groupBy(whole.sightings, ({ track }) => track).values()]
      .filter((track) => track.length === 10 && track.every(discernible))
      .filter((track) => track.every((seen) => seen.pixels >= smallest[seen.class]))
      .map((track) => track[0]!);
    assert.ok(victim !== undefined);
    const masks = perfect(
      truth,
      (thing, frame) => `a/${thing.id}` === victim.track && frame >= 3 && frame <= 6,
    );
    for (const { class: name, leak, recall } of scoreClasses([judgeClip('a', truth, masks)])) {
      const exposed: number = name === victim.class ? 1 : 0;
      assert.deepEqual([leak.exposed, leak.longestRun], [exposed, 4 * exposed]);
      assert.equal(recall.sightings - recall.covered, 4 * exposed);
      assert.equal(leak.upper, clopperPearsonUpper(exposed, leak.tracks));
    }
  });

  test('measure what is masked in vain in areas of what is there', () => {
    const clips = [
      { outside: 300, truth: 100 },
      { outside: 100, truth: 300 },
      { outside: 50, truth: 0 },
    ];
    const over = overRedaction(clips)!;
    assert.equal(over.ratio, 450 / 400);
    assert.ok(over.interval!.low <= over.ratio && over.interval!.high >= over.ratio);
    assert.equal(overRedaction([{ outside: 5, truth: 0 }]), undefined);
  });

  test('are as unsure as there are few people, not as there are many frames', () => {
    const frames = (people: number, each: number): Sighting[] =>
      Array.from({ length: people * each }, (_, i) => {
        const person = i % people;
        // A fifth of the people is never covered.
        return sighting(i, person % 5 === 0 ? 0 : 1, `person-${person}`);
      });
    const few = shareOf(frames(10, 100));
    const many = shareOf(frames(200, 5));
    for (const share of [few, many]) {
      assert.equal(share.covered / share.sightings, 0.8);
      assert.ok(share.interval.low <= 0.8 && share.interval.high >= 0.8);
    }
    const width = ({ interval }: typeof few): number => interval.high - interval.low;
    // 1.96 standard errors of a share of 0.8 among 200 independent people, on each side.
    assert.ok(Math.abs(width(many) - 2 * 1.96 * Math.sqrt((0.8 * 0.2) / 200)) < 0.03);
    assert.ok(width(few) > 3 * width(many));
    assert.deepEqual(shareOf([sighting(0, 1, 'one')]).interval, { low: 0, high: 1 });
  });

  test('count apart what nobody could make out, and leave out what is too small', () => {
    const clip = (sightings: Sighting[]): Parameters<typeof scoreClasses>[0] => [
      { sightings, people: { outside: 0, truth: 1 }, writing: { outside: 0, truth: 0 }, frames: 1 },
    ];
    const seen = sighting(0, 1, 'a');
    const [score] = scoreClasses(
      clip([
        seen,
        { ...seen, hidden: 0.3, share: 0 },
        { ...seen, blur: 0.3, share: 0 },
        { ...seen, pixels: 20, share: 0 },
      ]),
    );
    assert.deepEqual([score?.recall.covered, score?.recall.sightings], [1, 1]);
    assert.deepEqual([score?.beyond.covered, score?.beyond.sightings], [0, 2]);
    assert.deepEqual(
      score?.bySize.map(({ band, sightings }) => [band, sightings]),
      [
        ['14 to 24', 1],
        ['32 to 48', 1],
      ],
    );
  });
});
