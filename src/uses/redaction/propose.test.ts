import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { path, textTrack, trajectory } from '../../../test/redaction-plan.ts';
import { coverage, type PixelBox } from '../../core/box.ts';
import { boxOnPath, type TimedBox } from '../../core/path.ts';
import { Random } from '../../core/random.ts';
import { headBox } from '../../vision/people.ts';
import type { Trajectory } from '../../vision/track/trajectory.ts';
import type { Proposal } from './proposal.ts';
import { propose } from './propose.ts';

const body: PixelBox = { x: 100, y: 50, width: 60, height: 180 };
const head = headBox(body);

function at(proposals: readonly Proposal[], time: number, ...classes: string[]): PixelBox[] {
  return proposals
    .filter((thing) => classes.includes(thing.class) && time >= thing.start && time <= thing.end)
    .map((thing) => boxOnPath(thing.keyframes, time));
}

describe('margins', () => {
  for (const name of ['face', 'person', 'vehicle', 'screen', 'bag', 'parcel']) {
    test(`of a ${name} leave the detector’s box wholly covered`, () => {
      const seen = trajectory(`${name}-1`, path(body, [0, 100], [1, 160]));
      const found = propose({ trajectories: [seen], texts: [] });
      for (const time of [0, 0.5, 1]) {
        const [box] = at(found, time, name);
        assert.ok(box !== undefined && coverage(boxOnPath(seen.keyframes, time), box) > 1 - 1e-9);
        assert.ok(box.width > body.width && box.height > body.height);
      }
    });
  }

  test('of text are in line heights, of codes a share', () => {
    const line = { x: 100, y: 100, width: 200, height: 20 };
    const texts = [textTrack('text', path(line, [0, 100])), textTrack('code', path(line, [0, 100]))];
    const [text, code] = propose({ trajectories: [], texts });
    const { x = 0, y = 0, width = 0, height = 0 } = text?.keyframes[0]?.box ?? {};
    assert.deepEqual([x, y, width, height].map(Math.round), [88, 93, 224, 34]);
    assert.ok(Math.abs((code?.keyframes[0]?.box.width ?? 0) - 230) < 1e-9);
  });

  test('are wider where letters are often missed: on what reads as a plate, and beside a serial number', () => {
    const line = { x: 100, y: 100, width: 200, height: 20 };
    const covered = (text: string): number[] => {
      const [found] = propose({
        trajectories: [],
        texts: [textTrack('text', path(line, [0, 100]), { text })],
      });
      const { x = 0, y = 0, width = 0, height = 0 } = found?.keyframes[0]?.box ?? {};
      return [x, y, width, height].map(Math.round);
    };
    assert.deepEqual(covered('4EMS887'), [72, 82, 256, 56]);
    assert.deepEqual(covered('CSQU 305438'), [52, 93, 296, 34]);
    assert.deepEqual(covered('305438'), [52, 82, 296, 56], 'it might be a plate as well');
    assert.deepEqual(covered('CSQU 3054383'), [88, 93, 224, 34]);
  });
});

describe('the head of a person', () => {
  test('is covered when no face is seen', () => {
    const person = trajectory('person-3', path(body, [0, 100], [2, 300]));
    const found = propose({ trajectories: [person], texts: [] });
    const heads = found.filter((thing) => thing.class === 'head');
    assert.deepEqual(
      heads.map(({ id, subject, start, end }) => ({ id, subject, start, end })),
      [{ id: 'head-3', subject: 'person-3', start: 0, end: 2 }],
    );
  });

  test('is left to a face that covers it, in a picture too', () => {
    const person = trajectory('person-1', path(body, [0, 100]));
    const face = trajectory('face-1', [{ time: 0, box: head }]);
    const found = propose({ trajectories: [person, face], texts: [] });
    assert.deepEqual(
      found.map(({ id, subject }) => [id, subject]),
      [
        ['face-1', 'person-1'],
        ['person-1', undefined],
      ],
    );
  });

  test('stays covered beside a face that is much smaller', () => {
    const person = trajectory('person-1', path(body, [0, 100]));
    const box = { x: head.x + 8, y: head.y + 8, width: 8, height: 8 };
    const found = propose({ trajectories: [person, trajectory('face-1', [{ time: 0, box }])], texts: [] });
    assert.equal(at(found, 0, 'head').length, 1);
  });

  test('is not left to the face of a neighbour', () => {
    const person = trajectory('person-1', path(body, [0, 100], [1, 100]));
    const face = trajectory('face-1', path({ ...head, x: 400 }, [0, 400], [1, 400]));
    const found = propose({ trajectories: [person, face], texts: [] });
    assert.equal(found.find(({ id }) => id === 'face-1')?.subject, undefined);
    assert.equal(at(found, 0.5, 'head').length, 1);
  });

  const random = new Random('heads');
  for (let round = 0; round < 40; round++) {
    test(`is covered at every moment, by itself or by a face that is seen there (${round})`, () => {
      const end = random.between(0.5, 6);
      const times = [
        0,
        ...Array.from({ length: 6 }, () => random.between(0, end)).sort((a, b) => a - b),
        end,
      ];
      let x = 100;
      const keyframes = times.map((time): TimedBox => {
        x += random.between(-25, 25);
        return { time, box: { ...body, x, height: random.between(150, 190) } };
      });
      const person = trajectory('person-1', keyframes);
      const faces: Trajectory[] = [];
      for (let from = random.between(-1, 1); from < end && faces.length < 4; from += random.between(0.1, 2)) {
        const to = from + random.between(0.05, 2);
        const seen = times.filter((time) => time > from && time < to);
        faces.push(
          trajectory(
            `face-${faces.length + 1}`,
            [from, ...seen, to].map((time) => ({ time, box: headBox(boxOnPath(keyframes, time)) })),
          ),
        );
        from = random.next() < 0.5 ? to : from;
      }
      const found = propose({ trajectories: [person, ...faces], texts: [] });
      for (let step = 0; step <= 200; step++) {
        const time = (end * step) / 200;
        const wanted = headBox(boxOnPath(keyframes, time));
        const masks = at(found, time, 'head', 'face');
        assert.ok(
          masks.some((mask) => coverage(wanted, mask) > 0.9),
          `${time} of ${end}: ${JSON.stringify(found.map(({ id, start, end: last }) => [id, start, last]))}`,
        );
      }
      for (const thing of found) {
        assert.deepEqual([thing.keyframes[0]?.time, thing.keyframes.at(-1)?.time], [thing.start, thing.end]);
        thing.keyframes.slice(1).forEach((key, index) => assert.ok(key.time > thing.keyframes[index]!.time));
      }
      assert.equal(new Set(found.map(({ id }) => id)).size, found.length);
    });
  }
});

describe('a plate on a vehicle', () => {
  const car: PixelBox = { x: 100, y: 100, width: 200, height: 120 };
  const vehicle = trajectory('vehicle-1', path(car, [1, 100], [3, 300]));
  const plateOn = (time: number): PixelBox => {
    const frame = boxOnPath(vehicle.keyframes, time);
    return { x: frame.x + 80, y: 190, width: 40, height: 12 };
  };
  const seenAt = (...times: number[]): TimedBox[] => times.map((time) => ({ time, box: plateOn(time) }));

  test('is covered for as long as the vehicle is followed, and moves with it', () => {
    const texts = [textTrack('plate', seenAt(1.8, 2.2), { start: 1.6, end: 2.4 })];
    const [plate] = propose({ trajectories: [vehicle], texts }).filter(({ class: name }) => name === 'plate');
    assert.ok(plate);
    assert.deepEqual([plate.subject, plate.start, plate.end], ['vehicle-1', 1, 3]);
    for (let time = 1; time <= 3; time += 0.05)
      assert.ok(coverage(plateOn(time), boxOnPath(plate.keyframes, time)) > 1 - 1e-6, `${time}`);
  });

  test('is covered where it was followed although the box of the vehicle strays', () => {
    const strayed = trajectory(
      'vehicle-1',
      vehicle.keyframes.map(({ time, box }) => ({ time, box: time === 2 ? { ...box, x: box.x + 90 } : box })),
    );
    const texts = [textTrack('plate', seenAt(1.8, 2.2), { start: 1.6, end: 2.4 })];
    const [plate] = propose({ trajectories: [strayed], texts }).filter(({ class: name }) => name === 'plate');
    assert.ok(plate);
    for (let time = 1.6; time <= 2.4; time += 0.05)
      assert.ok(coverage(plateOn(time), boxOnPath(plate.keyframes, time)) > 1 - 1e-6, `${time}`);
  });

  test('is covered where it was read although the vehicle was not followed there', () => {
    const texts = [textTrack('plate', seenAt(0.4, 1.4, 2, 2.6, 3.4), { start: 0, end: 4 })];
    const [plate] = propose({ trajectories: [vehicle], texts }).filter(({ class: name }) => name === 'plate');
    assert.ok(plate);
    assert.deepEqual([plate.start, plate.end], [0, 4]);
    for (const { time, box } of texts[0]!.sightings.map((seen) => ({
      time: seen.time,
      box: seen.observation.box,
    })))
      assert.ok(coverage(box, boxOnPath(plate.keyframes, time)) > 1 - 1e-9, `${time}`);
    plate.keyframes.slice(1).forEach((key, index) => assert.ok(key.time > plate.keyframes[index]!.time));
  });

  test('belongs to no vehicle that holds less than half of its sightings', () => {
    const texts = [textTrack('plate', seenAt(0.2, 0.4, 0.6, 2))];
    const plate = propose({ trajectories: [vehicle], texts }).find(({ class: name }) => name === 'plate');
    assert.deepEqual([plate?.subject, plate?.start, plate?.end], [undefined, 0.2, 2]);
    const twice = [vehicle, trajectory('vehicle-2', vehicle.keyframes)];
    const same = propose({ trajectories: twice, texts }).find(({ class: name }) => name === 'plate');
    assert.equal(same?.subject, undefined, 'two vehicles in one place do not make up for it');
  });

  test('other text on a vehicle belongs to nobody', () => {
    const texts = [textTrack('text', seenAt(1.8, 2.2))];
    assert.equal(propose({ trajectories: [vehicle], texts }).at(-1)?.subject, undefined);
  });
});

test('a line that once read as something sensitive keeps that kind', () => {
  const track = textTrack('text', path({ ...body, height: 12 }, [0, 0], [1, 0], [2, 0]));
  const [first, ...rest] = track.sightings;
  assert.ok(first);
  const mixed = {
    ...track,
    sightings: [{ ...first, observation: { ...first.observation, kind: 'mrz' } }, ...rest],
  };
  const [text] = propose({ trajectories: [], texts: [mixed] });
  assert.equal(text?.kind, 'mrz');
});
