import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plan, region } from '../../../../test/redaction-plan.ts';
import type { Observation } from '../../../core/observation.ts';
import type { RedactionPlan } from '../plan.ts';
import { RegionTimeline } from '../timeline.ts';
import { LeftoverTracks } from './leftovers.ts';
import { Scope } from './scope.ts';
import { leftOver, type Sighting } from './sightings.ts';

const model = { id: 'made-up', digest: '' };

function seen(name: string, score: number, x = 40, changes: Partial<Observation> = {}): Observation {
  return { class: name, score, box: { x, y: 40, width: 20, height: 20 }, model, ...changes };
}

function left(
  observations: readonly Observation[],
  changes: Partial<RedactionPlan> = {},
  time = 1,
): Sighting[] {
  const drawn = plan({ profile: 'standard', ...changes });
  const scope = new Scope(drawn, undefined, []);
  return leftOver(observations, new RegionTimeline(drawn).at(time), time, drawn, scope);
}

/** What comes of looks, each a list of scores at places. */
function levels(name: string, ...looks: (readonly [score: number, x: number])[][]): string[] {
  const tracks = new LeftoverTracks();
  looks.forEach((look, time) => {
    tracks.add(
      look.map(([score, x]) => ({ class: name, time, score, box: { x, y: 0, width: 20, height: 20 } })),
    );
  });
  return tracks.all().map(({ level, sightings }) => `${level} ${sightings.length}`);
}

describe('what is left over', () => {
  test('is what no mask covers', () => {
    const covering = region({ keyframes: [[0, 35, 35, 30, 30]] });
    const elsewhere = region({ keyframes: [[0, 0, 0, 30, 30]] });
    assert.equal(left([seen('face', 0.9)], { regions: [covering] }).length, 0);
    assert.equal(left([seen('face', 0.9)], { regions: [elsewhere] }).length, 1);
    assert.equal(left([seen('face', 0.9)], { regions: [{ ...covering, style: 'outline' }] }).length, 1);
    assert.equal(left([seen('face', 0.9)], { regions: [{ ...covering, end: 0.5 }] }).length, 1);
  });

  test('is of a class that the plan covers', () => {
    assert.equal(left([seen('vehicle', 0.9)]).length, 0);
    assert.equal(left([seen('text', 0.9, 40, { text: 'A1234' })], { profile: 'fast' }).length, 0);
    // The profile covers faces, but here none was wanted.
    const visible = region({ redact: false, keyframes: [[0, 0, 0, 10, 10]] });
    assert.equal(left([seen('face', 0.9, 80)], { regions: [visible] }).length, 0);
  });

  test('respects what was left visible by choice, spans and zones', () => {
    const kept = region({ id: 'face-2', redact: false, keyframes: [[0, 38, 38, 24, 24]] });
    const regions = [region(), kept];
    assert.equal(left([seen('face', 0.9)], { regions }).length, 0);
    assert.equal(left([seen('face', 0.9, 75)], { regions }).length, 1);
    assert.equal(left([seen('face', 0.9)], { limits: { spans: [[2, 3]] } }).length, 0);
    assert.equal(left([seen('face', 0.9)], { limits: { zones: [[0, 0, 30, 30]] } }).length, 0);
    assert.equal(left([seen('face', 0.9)], { limits: { zones: [[0, 0, 50, 50]] } }).length, 1);
  });

  test('respects what the run was asked for, where the plan alone does not tell', () => {
    const drawn = plan({ regions: [region({ id: 'head-1', class: 'head', subject: 'person-1' })] });
    const face = { class: 'face', box: { x: 60, y: 60, width: 10, height: 10 } };
    assert.equal(new Scope(drawn, { profile: 'standard' }, []).counts(face, 1), true);
    assert.equal(new Scope(drawn, { profile: 'standard', classes: ['plate'] }, []).counts(face, 1), false);
    assert.equal(new Scope(drawn, { profile: 'standard', only: ['person-1'] }, []).counts(face, 1), false);
  });

  test('counts only sensitive text when only that was covered', () => {
    const phone = region({ id: 'text-1', class: 'text', kind: 'phone' });
    const other = region({ id: 'text-2', class: 'text', redact: false, keyframes: [[0, 0, 80, 10, 10]] });
    const line = (kind?: string): Observation =>
      seen('text', 0.9, 40, { text: '2025550130', ...(kind === undefined ? {} : { kind }) });
    assert.equal(left([line()], { regions: [phone, other] }).length, 0);
    assert.equal(left([line('phone')], { regions: [phone, other] }).length, 1);
  });

  test('a person shows a head, unless a mask hides it or a face is seen on it', () => {
    const person = seen('person', 0.8, 40, { box: { x: 40, y: 30, width: 20, height: 60 } });
    const head = left([person])[0];
    assert.deepEqual([head?.class, head?.score], ['head', 0.8]);
    assert.deepEqual(
      left([person, seen('face', 0.9, 45, { box: { x: 47, y: 31, width: 6, height: 6 } })]).map(
        ({ class: name }) => name,
      ),
      ['face'],
    );
    // A masked person is found below the mask: its head is worth less there.
    const mask = region({ keyframes: [[0, 44, 18, 12, 12]] });
    assert.equal(left([person], { regions: [mask] })[0]?.score, 0.4);
  });

  test('blobs in which next to nothing was read are worth less, or nothing', () => {
    const scores = ['', 'E', '2G', '2G1', 'AB 12'].map(
      (text) => left([seen('text', 1, 40, { text })])[0]?.score,
    );
    assert.deepEqual(scores, [undefined, 0.3, 0.75, 0.9, 1]);
  });
});

describe('evidence', () => {
  test('one strong sighting is a leak, one fair sighting a doubt, a weak one nothing', () => {
    assert.deepEqual(levels('face', [[0.95, 0]]), ['leak 1']);
    assert.deepEqual(levels('face', [[0.6, 0]]), ['doubt 1']);
    assert.deepEqual(levels('face', [[0.3, 0]]), []);
  });

  test('two fair ones at one place are a leak, also with a look between in which it was missed', () => {
    assert.deepEqual(levels('face', [[0.92, 0]], [[0.9, 6]]), ['leak 2']);
    assert.deepEqual(levels('face', [[0.92, 0]], [], [[0.9, 6]]), ['leak 2']);
    assert.deepEqual(levels('face', [[0.92, 0]], [[0.9, 60]]), ['doubt 1', 'doubt 1']);
    assert.deepEqual(levels('face', [[0.92, 0]], [], [], [[0.9, 6]]), ['doubt 1', 'doubt 1']);
  });

  test('nothing goes on through a cut', () => {
    const tracks = new LeftoverTracks();
    const sighting = { class: 'face', time: 0, score: 0.84, box: { x: 0, y: 0, width: 20, height: 20 } };
    tracks.add([sighting]);
    tracks.cut();
    tracks.add([sighting]);
    assert.equal(tracks.all().length, 2);
  });
});
