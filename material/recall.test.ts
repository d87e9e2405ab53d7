import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClipTruth } from '../src/scenes/clip/clip.ts';
import type { Mask } from '../src/uses/redaction/evaluate/coverage.ts';
import { measureRecall } from './recall.ts';
import type { Truth } from '../src/scenes/truth.ts';

const face: Truth = {
  id: 'shot-0/person-0/face-1',
  class: 'face',
  box: { x: 100, y: 100, width: 40, height: 40 },
  size: { width: 40, height: 40 },
  turn: 0,
  occludedShare: 0,
  blur: 0,
};

function clip(...frames: Truth[][]): ClipTruth {
  return {
    width: 320,
    height: 180,
    cuts: [],
    frames: frames.map((things, time) => ({ time, light: 1, things })),
  };
}

const over: Mask = { box: { x: 95, y: 95, width: 50, height: 50 }, shape: 'box' };
const half: Mask = { box: { x: 95, y: 95, width: 25, height: 50 }, shape: 'box' };

describe('recall', () => {
  test('counts sightings, things and area apart', () => {
    const truth = clip([face, { ...face, id: 'other' }], [face]);
    const masksAt = (time: number): Mask[] => (time === 0 ? [over] : [half]);
    const [row] = measureRecall([{ truth, masksAt }]);
    assert.equal(row?.things, 2);
    assert.equal(row?.sightings, 3);
    assert.equal(row?.coveredSightings, 2);
    assert.equal(row?.coveredThings, 1);
    assert.ok(Math.abs((row?.coveredArea ?? 0) - (1 + 1 + 0.5) / 3) < 1e-9);
  });

  test('adds masks up and knows that an ellipse has no corners', () => {
    const rest: Mask = { box: { x: 120, y: 95, width: 25, height: 50 }, shape: 'box' };
    const ellipse: Mask = { box: face.box, shape: 'ellipse' };
    const cover = (masks: Mask[]): number =>
      measureRecall([{ truth: clip([face]), masksAt: () => masks }])[0]?.coveredArea ?? 0;
    assert.equal(cover([half, rest]), 1);
    assert.ok(Math.abs(cover([ellipse]) - Math.PI / 4) < 0.02);
  });

  test('leaves out what nobody could make out, and what identifies nobody', () => {
    const hidden = { ...face, occludedShare: 0.4 };
    const smeared = { ...face, blur: 20 };
    const vehicle: Truth = { ...face, class: 'vehicle' };
    assert.deepEqual(measureRecall([{ truth: clip([hidden, smeared, vehicle]), masksAt: () => [] }]), []);
  });
});
