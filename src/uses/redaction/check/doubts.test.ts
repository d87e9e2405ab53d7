import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plan, region } from '../../../../test/redaction-plan.ts';
import type { Region } from '../plan.ts';
import { planDoubts, type ClipTimes } from './doubts.ts';

const clip: ClipTimes = { first: 0, last: 10, cuts: [6] };

/** A face in the middle of the picture that stands still. */
function face(id: string, start: number, end: number, changes: Partial<Region> = {}): Region {
  return region({ id, start, end, detections: 5, keyframes: [[start, 40, 40, 10, 10]], ...changes });
}

/** Kind and region of what is doubted in a plan of these regions. */
function doubts(...regions: Region[]): string[] {
  return planDoubts(plan({ regions }), clip)
    .map(({ kind, region: id = '' }) => `${kind} ${id}`)
    .sort();
}

describe('ends of tracks', () => {
  test('in the middle of the picture they are doubts', () => {
    assert.deepEqual(doubts(face('face-1', 2, 4)), ['track-end face-1', 'track-start face-1']);
  });

  test('at the ends of the clip, at a cut and at the edge of the picture they are none', () => {
    assert.deepEqual(doubts(face('face-1', 0, 10)), []);
    assert.deepEqual(doubts(face('face-1', 0, 5.96), face('face-2', 6, 10)), []);
    assert.deepEqual(doubts(face('face-1', 2, 4, { keyframes: [[2, 1, 40, 10, 10]] })), []);
    const leaves = face('face-1', 0, 4, {
      keyframes: [
        [0, 40, 40, 10, 10],
        [4, 92, 40, 10, 10],
      ],
    });
    assert.deepEqual(doubts(leaves), []);
  });

  test('where another region takes over they are none', () => {
    const head = face('head-1', 0, 4, { class: 'head', keyframes: [[0, 35, 35, 20, 20]] });
    assert.deepEqual(doubts(head, face('face-1', 3.8, 10)), []);
    assert.deepEqual(doubts(face('face-1', 0, 4), { ...head, id: 'head-2', start: 3.8, end: 10 }), []);
  });

  test('of what is left visible, of boxes of a person, and beyond the spans of a plan they are none', () => {
    assert.deepEqual(doubts(face('face-1', 2, 4, { redact: false })), []);
    assert.deepEqual(doubts(face('box-1', 2, 4, { origin: 'person' })), []);
    const limited = plan({ regions: [face('face-1', 2, 4)], limits: { spans: [[2, 3]] } });
    assert.deepEqual(planDoubts(limited, clip), []);
  });
});

describe('interruptions', () => {
  test('a gap between two tracks of one class at one place is one doubt', () => {
    const found = planDoubts(plan({ regions: [face('face-1', 0, 3), face('face-2', 4, 5.99)] }), clip);
    assert.deepEqual(
      found.map(({ kind, start, end, region: id }) => ({ kind, start, end, id })),
      [{ kind: 'gap', start: 3, end: 4, id: 'face-1' }],
    );
  });

  test('more gaps at one place are a flicker', () => {
    const found = doubts(face('face-1', 0, 1), face('face-2', 1.5, 3), face('face-3', 3.5, 5.99));
    assert.deepEqual(found, ['flicker face-1']);
  });

  test('tracks far apart in place or time, of two classes or of two scenes are no gap', () => {
    const elsewhere = face('face-2', 4, 5.99, { keyframes: [[4, 70, 70, 10, 10]] });
    assert.deepEqual(doubts(face('face-1', 0, 3), elsewhere), ['track-end face-1', 'track-start face-2']);
    assert.deepEqual(doubts(face('face-1', 0, 1), face('face-2', 4, 5.99)), [
      'track-end face-1',
      'track-start face-2',
    ]);
    const text = face('text-1', 4, 5.99, { class: 'text' });
    assert.deepEqual(doubts(face('face-1', 0, 3), text), ['track-end face-1', 'track-start text-1']);
    assert.deepEqual(doubts(face('face-1', 0, 5), face('face-2', 6.5, 10)), [
      'track-end face-1',
      'track-start face-2',
    ]);
  });

  test('a gap that another region covers is none', () => {
    const over = face('head-1', 0, 10, { class: 'head', keyframes: [[0, 35, 35, 20, 20]] });
    assert.deepEqual(doubts(face('face-1', 0, 3), face('face-2', 4, 5.99), over), []);
  });
});

test('a track of one detection is one doubt, less urgent than others', () => {
  const found = planDoubts(
    plan({
      regions: [
        face('face-1', 2, 2.2, { detections: 1, keyframes: [[2, 70, 70, 10, 10]] }),
        face('face-2', 0, 4),
      ],
    }),
    clip,
  );
  const urgencies = new Map(found.map(({ kind, urgency }) => [kind, urgency]));
  assert.deepEqual([...urgencies.keys()].sort(), ['single-detection', 'track-end']);
  assert.ok(urgencies.get('single-detection')! < urgencies.get('track-end')!);
});

test('of one detection that others cover before and after, and of a line that was read once, nobody is asked', () => {
  const head = face('head-1', 0, 10, { class: 'head', keyframes: [[0, 35, 35, 20, 20]] });
  const once = face('face-1', 2, 2.2, { detections: 1 });
  assert.deepEqual(doubts(once), ['single-detection face-1']);
  assert.deepEqual(doubts(once, head), []);
  assert.deepEqual(doubts(once, { ...head, end: 2.1 }), ['single-detection face-1']);
  assert.deepEqual(doubts({ ...once, class: 'text' }), []);
  assert.deepEqual(doubts({ ...once, class: 'plate' }), ['single-detection face-1']);
});

test('larger things are more urgent, and no urgency leaves 0 to 1', () => {
  const small = face('face-1', 2, 4, { keyframes: [[2, 40, 40, 2, 2]] });
  const large = face('face-2', 2, 4, { keyframes: [[2, 10, 10, 80, 80]] });
  const of = (one: Region): number => planDoubts(plan({ regions: [one] }), clip)[0]?.urgency ?? 0;
  assert.ok(of(small) > 0 && of(small) < of(large) && of(large) <= 1);
});
