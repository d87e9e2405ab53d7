import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Region } from '../../../src/uses/redaction/plan.ts';
import type { ReviewBase } from '../../../src/uses/redaction/review/base.ts';
import { reviewDoubts } from '../../../src/uses/redaction/review/doubts.ts';
import { questionsOf } from '../../../src/uses/redaction/review/questions.ts';
import { openState } from '../../../src/uses/redaction/review/state.ts';
import { plan, region } from '../../redaction-plan.ts';

const [width, height] = [960, 540];

/** Something of 40 x 40 pixels that stands still. */
function thing(
  id: string,
  start: number,
  end: number,
  [x, y] = [400, 200],
  more: Partial<Region> = {},
): Region {
  return region({ id, start, end, detections: 5, keyframes: [[start, x, y, 40, 40]], ...more });
}

function baseOf(...regions: Region[]): ReviewBase {
  const whole = plan({ regions });
  return {
    ...{ format: 'tidewaiter-review', version: 1, notes: [] },
    plan: { ...whole, source: { ...whole.source, width, height } },
    clip: { first: 0, last: 10, cuts: [] },
    rules: { styles: ['solid'], classes: ['face'], secondPerson: false },
  };
}

function asked(...regions: Region[]) {
  const base = baseOf(...regions);
  const doubts = reviewDoubts(base, openState(base));
  return { doubts, questions: questionsOf(doubts, base.plan, base.clip) };
}

describe('questions of a sheet', () => {
  test('hold each doubt once, and show what is beyond the end of a track', () => {
    const { doubts, questions } = asked(thing('face-1', 2, 4), thing('face-2', 5, 10, [50, 50]));
    assert.equal(doubts.length, 3);
    const ids = questions.flatMap((question) => question.doubts.map(({ id }) => id));
    assert.deepEqual(ids.toSorted(), doubts.map(({ id }) => id).toSorted());
    assert.deepEqual(
      questions.map(({ stills }) => stills.map(({ time }) => Math.round(time * 10) / 10)),
      [
        [1.4, 1.9, 4.1, 4.6],
        [4.4, 4.9],
      ],
    );
    for (const { stills } of questions)
      for (const { field } of stills)
        assert.ok(
          field.x >= 0 && field.y >= 0 && field.x + field.width <= width && field.y + field.height <= height,
        );
  });

  test('are one for a face, its head, and the body they are on', () => {
    const subject = { subject: 'person-1' };
    const { questions } = asked(
      thing('face-1', 2, 4, [400, 200], subject),
      thing('head-1', 5, 6, [400, 200], { class: 'head', ...subject }),
    );
    assert.equal(questions.length, 1);
    assert.deepEqual(
      new Set(questions[0]!.doubts.map(({ region: id }) => id)),
      new Set(['face-1', 'head-1']),
    );
  });

  test('are one for what is seen in the same pictures, and two for what is at another place', () => {
    assert.equal(asked(thing('face-1', 2, 4), thing('face-2', 2, 4, [450, 200])).questions.length, 1);
    assert.equal(asked(thing('face-1', 2, 4), thing('face-2', 2, 4, [50, 450])).questions.length, 2);
  });

  test('show of a gap what is in it, and never more than eight pictures', () => {
    const [gap] = asked(thing('face-1', 0, 3), thing('face-2', 4, 10)).questions;
    assert.ok(gap!.stills.every(({ time }) => time > 3 && time < 4));
    const pieces = Array.from({ length: 9 }, (_, index) =>
      thing(`face-${index}`, 0.3 + index, 0.7 + index, [100 + 90 * index, 200], { subject: 'person-1' }),
    );
    const { questions } = asked(...pieces);
    assert.ok(questions.length > 1);
    assert.ok(questions.every(({ stills }) => stills.length <= 8));
  });
});

describe('heads of bodies', () => {
  /** A body of 100 x 300 pixels: its head is 48 wide, in the middle of the top. */
  const body = region({
    ...{ id: 'person-1', class: 'person', redact: false, detections: 50, start: 0, end: 10 },
    keyframes: [[0, 400, 100, 100, 300]],
  });
  const head = (id: string, start: number, end: number, more: Partial<Region> = {}): Region =>
    region({
      id,
      start,
      end,
      class: 'head',
      keyframes: [[start, 410, 90, 80, 80]],
      subject: 'person-1',
      ...more,
    });
  const bare = (...regions: Region[]) =>
    asked(body, ...regions).doubts.filter(({ kind }) => kind === 'uncovered-head');

  test('are doubts where nothing covers them, one for each time', () => {
    assert.deepEqual(bare(head('head-1', 0, 10)), []);
    const found = bare(head('head-1', 0, 3), head('head-2', 5, 7));
    assert.equal(found.length, 2);
    assert.ok(found.every(({ start }) => (start > 3 && start < 5) || start > 7));
    assert.deepEqual(found[0]!.box, [426, 100, 48, 48]);
  });

  test('are none where heads are not covered at all, or somebody is to be seen', () => {
    assert.deepEqual(bare(thing('plate-1', 0, 10, [50, 50], { class: 'plate' })), []);
    const other = head('head-2', 0, 10, { subject: 'person-2' });
    assert.deepEqual(bare(head('head-1', 0, 3, { redact: false }), other), []);
  });
});
