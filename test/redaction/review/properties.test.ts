import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TidewaiterError } from '../../../src/core/errors.ts';
import { Random } from '../../../src/core/random.ts';
import { planSchema } from '../../../src/uses/redaction/plan.ts';
import { applyEdits, extend, replay, standingEdits } from '../../../src/uses/redaction/review/apply.ts';
import type { ReviewBase } from '../../../src/uses/redaction/review/base.ts';
import type { Edit } from '../../../src/uses/redaction/review/edit.ts';
import { rebase, touches } from '../../../src/uses/redaction/review/rebase.ts';
import { planOf } from '../../../src/uses/redaction/review/state.ts';
import { someBase, someEdit, someId } from './bases.ts';

/** Adds edits that people may try; those that are refused change nothing. */
function worked(random: Random, base: ReviewBase, tries: number, before: readonly Edit[] = []): Edit[] {
  const log: Edit[] = [...before];
  for (let count = 0; count < tries; count++) {
    const regions = [...replay(base, log).parts.keys()];
    const edit = someEdit(random, regions, log);
    if (accepted(base, log, [edit])) log.push(edit);
  }
  return log;
}

function accepted(base: ReviewBase, log: readonly Edit[], more: readonly Edit[]): boolean {
  try {
    extend(base, log, more);
    return true;
  } catch (error) {
    if (!(error instanceof TidewaiterError)) throw error;
    assert.match(error.code, /^E_(EDIT_\w+|STYLE_REVERSIBLE)$/);
    return false;
  }
}

/** Everything that a review says: its plan, those of its releases, and the verdicts. */
function outcome(base: ReviewBase, log: readonly Edit[]): unknown {
  const state = replay(base, log);
  const releases = [...state.releases].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    plan: planOf(base, state),
    releases: releases.map(([name, release]) => [name, planOf(base, state, release)]),
    verdicts: [...state.verdicts].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

describe('edits of a review', () => {
  test('never make a plan that the renderer refuses, whatever is tried', () => {
    const used = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random(`plans/${seed}`);
      const base = someBase(random);
      const log = worked(random, base, 60);
      for (const edit of log) used.add(edit.do.op);
      const state = replay(base, log);
      for (const release of [undefined, ...state.releases.values()]) {
        const plan = planOf(base, state, release);
        assert.deepEqual(planSchema.parse(plan), plan, `seed ${seed}`);
        for (const region of plan.regions) assert.ok(base.rules.styles.includes(region.style));
      }
    }
    assert.equal(used.size, 16, [...used].join(' '));
  });

  test('leave no trace when they are undone, and come back as they were when redone', () => {
    let undone = 0;
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random(`undo/${seed}`);
      const base = someBase(random);
      const log = worked(random, base, 25);
      const before = outcome(base, log);
      const added = worked(random, base, 4, log).slice(log.length);
      const mine = added.filter(({ do: { op } }) => op !== 'undo' && op !== 'redo');
      if (mine.length !== added.length) continue;
      const after = outcome(base, [...log, ...added]);
      const back = mine
        .toReversed()
        .map(({ id: edit }) => ({ id: someId(random), do: { op: 'undo', edit } as const }));
      extend(base, [...log, ...added], back);
      assert.deepEqual(outcome(base, [...log, ...added, ...back]), before, `seed ${seed}`);
      const again = mine.map(({ id: edit }) => ({ id: someId(random), do: { op: 'redo', edit } as const }));
      assert.deepEqual(outcome(base, [...log, ...added, ...back, ...again]), after, `seed ${seed}`);
      undone += mine.length;
    }
    assert.ok(undone > 40, `only ${undone} edits were undone`);
  });

  test('that touch nothing in common give the same in either order', () => {
    let pairs = 0;
    for (let seed = 0; seed < 250; seed++) {
      const random = new Random(`order/${seed}`);
      const base = someBase(random);
      const log = worked(random, base, 12);
      const regions = [...replay(base, log).parts.keys()];
      const [one, other] = [someEdit(random, regions, log), someEdit(random, regions, log)];
      const all = [...log, one, other];
      if (![one, other].every((edit) => accepted(base, log, [edit]))) continue;
      // Two edits go together when each can be put on top of the other.
      const { conflicts } = rebase(base, log, [one], [other]);
      const [, named] = [rebase(base, log, [other], [one]), conflicts[0]];
      if (named?.with !== undefined) {
        assert.ok(touches(one, all).length > 0);
        continue;
      }
      assert.equal(
        accepted(base, log, [one, other]),
        accepted(base, log, [other, one]),
        JSON.stringify([one, other]),
      );
      if (!accepted(base, log, [one, other])) continue;
      assert.deepEqual(
        outcome(base, [...log, one, other]),
        outcome(base, [...log, other, one]),
        `seed ${seed}`,
      );
      pairs++;
    }
    assert.ok(pairs > 40, `only ${pairs} pairs`);
  });

  test('are taken whole or not at all, and once', () => {
    const random = new Random('once');
    const base = someBase(random);
    const keep: Edit = { id: someId(random), do: { op: 'mark', regions: ['face-1'], redact: false } };
    const bad: Edit = { id: someId(random), do: { op: 'mark', regions: ['face-99'], redact: false } };
    assert.throws(() => extend(base, [], [keep, bad]), { code: 'E_EDIT_UNKNOWN' });
    assert.throws(() => extend(base, [keep], [keep]), { code: 'E_EDIT_TAKEN' });
    assert.deepEqual(applyEdits(base, []), base.plan);
    assert.deepEqual([...standingEdits([keep])], [keep.id]);
  });
});
