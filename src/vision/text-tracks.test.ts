import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { coverage, type PixelBox } from '../core/box.ts';
import type { FrameObservations, Observation } from '../core/observation.ts';
import { boxOnPath } from '../core/path.ts';
import { Random } from '../core/random.ts';
import { isTextSighting, majority, textKeyframes, trackText, type TextTrack } from './text-tracks.ts';

const model = { id: 'made-up', digest: '' };

function line(x: number, y: number, text = '', changes: Partial<Observation> = {}): Observation {
  return { class: 'text', box: { x, y, width: 120, height: 20 }, score: 0.9, model, text, ...changes };
}

function look(time: number, ...observations: Observation[]): FrameObservations {
  return { frame: Math.round(time * 25), time, observations };
}

const clip = { first: 0, last: 10 };
const boxAt = (track: TextTrack, time: number): PixelBox => boxOnPath(textKeyframes(track), time);

describe('a line of text', () => {
  test('that is read in many looks is one track, through two looks that miss it', () => {
    const looks = [0, 0.6, 1.2, 1.8, 2.4].map((time, index) =>
      index === 2 || index === 3 ? look(time) : look(time, line(50, 60, 'EXIT 7')),
    );
    const tracks = trackText(looks, [], { first: 0, last: 2.4 });
    assert.equal(tracks.length, 1);
    assert.deepEqual([tracks[0]?.start, tracks[0]?.end], [0, 2.4]);
    assert.equal(tracks[0]?.sightings.length, 3);
  });

  test('may have been there from the look before its first sighting until the look after its last', () => {
    const looks = [0, 1, 2, 3, 4].map((time) => (time === 2 ? look(time, line(50, 60)) : look(time)));
    const [track] = trackText(looks, [], clip);
    assert.deepEqual([track?.start, track?.end], [1, 3]);
  });

  test('on a vehicle, or that reads as a plate, may have been missed in one look more', () => {
    for (const plate of [line(50, 60, 'EMS 887'), line(50, 60, '', { class: 'plate' })]) {
      const looks = [0, 1, 2, 3, 4, 5, 6].map((time) => look(time, ...(time === 3 ? [plate] : [])));
      const [track] = trackText(looks, [], clip);
      assert.deepEqual([track?.start, track?.end], [1, 5]);
      const [cut] = trackText(looks, [1.5, 4.5], clip);
      assert.deepEqual([cut?.start, cut?.end], [1.5, 4.5 - 1e-3]);
    }
  });

  test('seen in the last look may be there until the clip ends', () => {
    const [track] = trackText([look(0), look(9.5, line(50, 60))], [], clip);
    assert.deepEqual([track?.start, track?.end], [0, 10]);
  });

  test('of a picture is a track of one moment', () => {
    const [track] = trackText([look(0, line(50, 60))], [], { first: 0, last: 0 });
    assert.ok(track);
    assert.deepEqual([track.start, track.end], [0, 0]);
    assert.deepEqual(textKeyframes(track), [{ time: 0, box: line(50, 60).box }]);
  });

  test('is followed far when it reads alike, and not when it does not', () => {
    const far = [look(0, line(50, 60, 'MSKU 907032')), look(0.6, line(250, 60, 'MSKU 907032'))];
    assert.equal(trackText(far, [], clip).length, 1);
    const other = [look(0, line(50, 60, 'MSKU 907032')), look(0.6, line(250, 60, 'FIRE EXIT'))];
    assert.equal(trackText(other, [], clip).length, 2);
  });

  test('of another height, or a code, is another one', () => {
    const taller = line(50, 60, 'A', { box: { x: 50, y: 60, width: 120, height: 50 } });
    assert.equal(trackText([look(0, line(50, 60, 'A')), look(0.6, taller)], [], clip).length, 2);
    const code = line(50, 60, 'A', { class: 'code' });
    assert.equal(trackText([look(0, line(50, 60, 'A')), look(0.6, code)], [], clip).length, 2);
  });

  test('beside its like goes on with the nearer one', () => {
    const looks = [0, 0.6, 1.2].map((time) => look(time, line(50, 60, 'AB'), line(50, 90, 'AB')));
    const tracks = trackText(looks, [], clip);
    assert.equal(tracks.length, 2);
    for (const { sightings } of tracks)
      assert.equal(new Set(sightings.map(({ observation }) => observation.box.y)).size, 1);
  });

  test('has the class that it was given most often', () => {
    const looks = [0, 0.6, 1.2].map((time, index) =>
      look(time, line(50, 60, 'AB 123', { class: index === 1 ? 'text' : 'plate' })),
    );
    assert.equal(trackText(looks, [], clip)[0]?.class, 'plate');
  });
});

describe('at a cut', () => {
  const looks = [
    look(0, line(50, 60, 'SAME')),
    look(2, line(50, 60, 'SAME')),
    look(2.6, line(50, 60, 'SAME')),
  ];

  test('a line ends before it and another one begins with it', () => {
    const tracks = trackText(looks, [2], clip);
    assert.deepEqual(
      tracks.map(({ start, end }) => [start, end]),
      [
        [0, 2 - 1e-3],
        [2, 10],
      ],
    );
  });

  test('between two looks nothing is held on either side of where it may be', () => {
    const tracks = trackText(looks, [1, 1.5], clip);
    assert.deepEqual(
      tracks.map(({ start, end }) => [start, end]),
      [
        [0, 1 - 1e-3],
        [1.5, 10],
      ],
    );
  });

  test('after the last look a line ends', () => {
    assert.equal(trackText([look(0, line(50, 60))], [4, 6], clip)[0]?.end, 4 - 1e-3);
  });
});

describe('whatever is seen', () => {
  const random = new Random('text tracks');
  for (let round = 0; round < 40; round++) {
    test(`tracks stay within scenes and clip and hold every sighting (${round})`, () => {
      const cuts: number[] = [];
      const looks: FrameObservations[] = [];
      for (let time = 0; time < 8; time += random.between(0.04, 0.8)) {
        if (random.next() < 0.15 && time > 0) cuts.push(time - (random.next() < 0.5 ? 0 : 0.02));
        const lines = Array.from({ length: random.integer(4) }, (_, index) =>
          line(30 + 40 * time + random.between(-6, 6), 30 + 50 * index, `LINE ${index}`),
        );
        looks.push(look(time, ...lines));
      }
      const last = 8.5;
      const tracks = trackText(looks, cuts, { first: 0, last });
      const sightings = tracks.flatMap((track) => track.sightings);
      assert.equal(sightings.length, looks.flatMap(({ observations }) => observations).length);
      for (const track of tracks) {
        assert.ok(track.start >= 0 && track.end <= last && track.start <= track.end);
        assert.ok(!cuts.some((cut) => cut > track.start && cut <= track.end), 'no track crosses a cut');
        const keys = textKeyframes(track);
        assert.deepEqual([keys[0]?.time, keys.at(-1)?.time], [track.start, track.end]);
        keys.slice(1).forEach((key, index) => assert.ok(key.time > keys[index]!.time));
        for (const { time, observation } of track.sightings)
          assert.ok(coverage(observation.box, boxAt(track, time)) > 1 - 1e-9);
      }
    });
  }
});

describe('where nobody looked', () => {
  test('a line that moved may have gone on or stood still', () => {
    const looks = [look(0), look(1, line(100, 60, 'AB')), look(2, line(130, 60, 'AB')), look(3)];
    const [track] = trackText(looks, [], { first: 0, last: 3 });
    assert.ok(track);
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      for (const x of [130, 130 + 30 * share])
        assert.ok(coverage(line(x, 60).box, boxAt(track, 2 + share)) > 1 - 1e-9, `after, ${share}`);
      for (const x of [100, 100 - 30 * share])
        assert.ok(coverage(line(x, 60).box, boxAt(track, 1 - share)) > 1 - 1e-9, `before, ${share}`);
    }
  });

  test('jitter between two close looks is not enlarged', () => {
    const looks = [
      look(0, line(100, 60, 'AB')),
      look(0.6, line(101, 60, 'AB')),
      look(0.64, line(104, 60, 'AB')),
    ];
    const [track] = trackText([...looks, look(1.6)], [], { first: 0, last: 1.6 });
    assert.ok(track);
    const { x, width } = boxAt(track, 1.6);
    assert.ok(x + width < 104 + 120 + 20, `${x + width}`);
  });
});

test('what comes from looking for text is told by who saw it, not by its class', () => {
  assert.ok(isTextSighting(line(0, 0)));
  assert.ok(isTextSighting(line(0, 0, '', { class: 'plate' })));
  const { text: _, ...unread } = line(0, 0);
  assert.ok(isTextSighting({ ...unread, class: 'code', model: { id: 'zxing', digest: '' } }));
  assert.ok(!isTextSighting({ ...unread, class: 'plate' }));
});

test('the majority is the value that occurs most often, the earlier one of equals', () => {
  assert.equal(majority(['a', 'b', 'b']), 'b');
  assert.equal(majority(['a', 'b']), 'a');
});
