import { TidewaiterError } from '../../../core/errors.ts';
import type { RedactionPlan } from '../plan.ts';
import type { ReviewBase } from './base.ts';
import type { Edit } from './edit.ts';
import { perform } from './operations.ts';
import { refusals } from './refusals.ts';
import { openState, planOf, type ReviewState } from './state.ts';

/**
 * The plan that a review amounts to after its edits. Same base and edits, same plan, wherever it runs.
 * @param release a release of the review; the review itself without.
 * @throws TidewaiterError as {@link replay}; `E_EDIT_UNKNOWN` when there is no such release.
 */
export function applyEdits(base: ReviewBase, edits: readonly Edit[], release?: string): RedactionPlan {
  const state = replay(base, edits);
  if (release === undefined) return planOf(base, state);
  const definition = state.releases.get(release);
  if (definition === undefined) throw refusals.unknown(`release called ${release}`);
  return planOf(base, state, definition);
}

/**
 * Does all edits that are not undone, in their order.
 * @throws TidewaiterError for the first that cannot be done.
 */
export function replay(base: ReviewBase, edits: readonly Edit[]): ReviewState {
  const state = openState(base);
  const standing = standingEdits(edits);
  for (const edit of edits) {
    const operation = edit.do;
    if (operation.op === 'undo' || operation.op === 'redo' || !standing.has(edit.id)) continue;
    perform(base, state, operation);
  }
  return state;
}

/**
 * Does further edits after those that stand.
 * @param edits that were accepted before.
 * @returns the state after all of them.
 * @throws TidewaiterError for the first that does not fit: `E_EDIT_...`, `E_STYLE_REVERSIBLE`.
 */
export function extend(base: ReviewBase, edits: readonly Edit[], more: readonly Edit[]): ReviewState {
  const log = [...edits];
  const ids = new Set(log.map(({ id }) => id));
  let state = replay(base, log);
  for (const edit of more) {
    if (ids.has(edit.id)) throw refusals.taken(`An edit ${edit.id}`);
    ids.add(edit.id);
    log.push(edit);
    const operation = edit.do;
    if (operation.op === 'undo' || operation.op === 'redo') state = replayed(base, log, edit);
    else perform(base, state, operation);
  }
  return state;
}

/** What builds on an edit keeps that from being undone. */
function replayed(base: ReviewBase, log: readonly Edit[], last: Edit): ReviewState {
  standingEdits(log);
  try {
    return replay(base, log);
  } catch (error) {
    if (!(error instanceof TidewaiterError)) throw error;
    const { op } = last.do;
    throw refusals.needed(`The edit (${op})`, `a later edit would no longer fit: ${error.message}`);
  }
}

/**
 * Ids of the edits that are not undone.
 * @throws TidewaiterError `E_EDIT_UNKNOWN`, `E_EDIT_UNDONE` when one undoes or redoes what it cannot.
 */
export function standingEdits(edits: readonly Edit[]): ReadonlySet<string> {
  const known = new Set<string>();
  const standing = new Set<string>();
  for (const { id, do: operation } of edits) {
    if (operation.op !== 'undo' && operation.op !== 'redo') {
      known.add(id);
      standing.add(id);
      continue;
    }
    const { edit } = operation;
    if (!known.has(edit)) throw refusals.unknown(`edit ${edit} that could be undone`);
    if (operation.op === 'undo') {
      if (!standing.delete(edit)) throw refusals.undone(edit, 'is undone already');
    } else {
      if (standing.has(edit)) throw refusals.undone(edit, 'stands');
      standing.add(edit);
    }
  }
  return standing;
}
