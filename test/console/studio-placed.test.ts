import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { EditHistory } from '../../src/uses/redaction/pages/studio/edit-history.ts';
import { placedAt } from '../../src/uses/redaction/pages/studio/placed.ts';
import type { RedactionPlan } from '../../src/uses/redaction/plan.ts';
import type { Edit } from '../../src/uses/redaction/review/edit.ts';
import { RegionTimeline } from '../../src/uses/redaction/timeline.ts';
import { someBase } from '../redaction/review/bases.ts';

describe('what the studio works with', () => {
  test('regions are covered at the moments and places at which the renderer covers them', () => {
    let compared = 0;
    for (let seed = 0; seed < 40; seed++) {
      const random = new Random(`placed/${seed}`);
      const made = someBase(random, 12).plan;
      const limits: RedactionPlan['limits'] = random.pick([
        {},
        { spans: [[1, 4] as [number, number], [5, 5.5] as [number, number]] },
        { zones: [[100, 50, 200, 150] as [number, number, number, number]] },
      ]);
      const plan = { ...made, limits };
      const timeline = new RegionTimeline(plan);
      const edges = plan.regions.flatMap(({ start, end }) => [start, end, start - 0.00009, end + 0.00011]);
      const times = [...edges, ...Array.from({ length: 40 }, () => random.between(-0.5, 10.5))];
      for (const time of times) {
        const rendered = timeline.at(time).map(({ region, box }) => [region.id, box] as const);
        const shown = placedAt(plan, time)
          .filter(({ covered }) => covered)
          .map(({ region, box }) => [region.id, box] as const);
        assert.deepEqual(new Map(shown), new Map(rendered), `seed ${seed} at ${time}`);
        compared += rendered.length;
      }
    }
    assert.ok(compared > 1000, `${compared} places`);
  });

  test('steps are undone and redone in turn, and a refused undo leaves its step', () => {
    const history = new EditHistory();
    const edit = (): Edit => ({ id: randomUUID(), do: { op: 'unhush', span: 'span-1' } });
    const [a, b, c] = [edit(), edit(), edit()];
    history.saw(a.id, a.do);
    history.did([b, c]);
    const taken: (readonly string[])[] = [];
    const take = (ids: readonly string[]): unknown => taken.push(ids);
    assert.throws(() =>
      history.undo(() => {
        throw new Error('something builds on it');
      }),
    );
    assert.ok(history.undo(take) && history.undo(take));
    assert.equal(history.undo(take), false);
    assert.ok(history.redo(take) && history.redo(take));
    assert.equal(history.redo(take), false);
    assert.deepEqual(taken, [[c.id, b.id], [a.id], [a.id], [b.id, c.id]]);

    const later = new EditHistory();
    later.saw(a.id, a.do);
    later.saw(randomUUID(), { op: 'undo', edit: a.id });
    assert.equal(later.undo(take), false, 'what an earlier visit took back is not taken back again');
  });
});
