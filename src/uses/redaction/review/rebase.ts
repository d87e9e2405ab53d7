import { TidewaiterError } from '../../../core/errors.ts';
import { extend } from './apply.ts';
import type { ReviewBase } from './base.ts';
import type { Edit, Operation } from './edit.ts';

/** An edit of ours that does not go with what others did meanwhile. */
export interface Conflict {
  readonly edit: Edit;
  /** The other's edit that touches the same; absent when ours is refused for another reason. */
  readonly with?: Edit;
  /** `region:face-1:path`, or the code of the refusal. */
  readonly what: string;
  readonly says: string;
}

/** What can be sent again, and what a person must decide anew. */
export interface Rebased {
  readonly edits: readonly Edit[];
  readonly conflicts: readonly Conflict[];
}

/**
 * Puts our edits, made on what both knew, on top of what others did meanwhile. What they did alike, or what reached the
 * server before, is left out. An edit that touches what others changed is a conflict, and so is what builds on it.
 * @param common edits that both knew.
 * @param theirs edits since.
 */
export function rebase(
  base: ReviewBase,
  common: readonly Edit[],
  theirs: readonly Edit[],
  ours: readonly Edit[],
): Rebased {
  const arrived = new Set(theirs.map(({ id }) => id));
  const said = new Set(theirs.map((edit) => JSON.stringify(edit.do)));
  const waiting = ours.filter((edit) => !arrived.has(edit.id) && !said.has(JSON.stringify(edit.do)));
  const everything = [...common, ...theirs, ...ours];
  const touched = theirs
    .filter((edit) => !ours.some(({ id }) => id === edit.id))
    .map((edit) => ({ edit, keys: touches(edit, everything) }));
  const edits: Edit[] = [];
  const conflicts: Conflict[] = [];
  for (const edit of waiting) {
    const keys = touches(edit, everything);
    const clash = touched.find((other) => other.keys.some((key) => keys.some((own) => meet(own, key))));
    if (clash !== undefined) {
      const what = keys.find((own) => clash.keys.some((key) => meet(own, key))) ?? '';
      conflicts.push({ edit, with: clash.edit, what, says: `Somebody else changed ${what} meanwhile.` });
      continue;
    }
    try {
      extend(base, [...common, ...theirs], [...edits, edit]);
      edits.push(edit);
    } catch (error) {
      if (!(error instanceof TidewaiterError)) throw error;
      conflicts.push({ edit, what: error.code, says: error.message });
    }
  }
  return { edits, conflicts };
}

/**
 * What an edit reads or changes, so finely that two edits with nothing in common give the same in either order.
 * `region:ID:*` stands for everything about a region.
 * @param log holds the edits that this one may undo.
 */
export function touches({ do: operation }: Edit, log: readonly Edit[]): string[] {
  if (operation.op === 'undo' || operation.op === 'redo') {
    const target = log.find(({ id }) => id === operation.edit);
    return [`edit:${operation.edit}`, ...(target === undefined ? [] : touches(target, log))];
  }
  return ownTouches(operation);
}

function ownTouches(operation: Exclude<Operation, { readonly op: 'undo' | 'redo' }>): string[] {
  switch (operation.op) {
    case 'mark':
      return operation.regions.flatMap((id) => said(operation).map((field) => `region:${id}:${field}`));
    case 'class':
      return said(operation).map((field) => `class:${operation.class}:${field}`);
    case 'split':
      return [`region:${operation.region}:*`, `region:${operation.as}:*`];
    case 'merge':
      return [`region:${operation.region}:*`, `region:${operation.with}:*`];
    case 'add':
    case 'remove':
      return [`region:${operation.region}:*`];
    case 'span':
    case 'keyframe':
    case 'path':
      return [`region:${operation.region}:path`];
    case 'sound':
      return ['sound'];
    case 'hush':
    case 'unhush':
      return [`hushed:${operation.span}`];
    case 'doubt':
      return [`doubt:${operation.doubt}`];
    case 'release': {
      const named = (operation.choices ?? []).flatMap((choice) =>
        choice.op === 'mark' ? choice.regions : [],
      );
      return [`release:${operation.release}`, ...named.map((id) => `region:${id}:name`)];
    }
  }
}

/** A threshold and a flat answer are two ways to say the same. */
function said(choice: Extract<Operation, { readonly op: 'mark' | 'class' }>): string[] {
  const answers = choice.redact !== undefined || ('threshold' in choice && choice.threshold !== undefined);
  return [
    ...(answers ? ['redact'] : []),
    ...(choice.style === undefined ? [] : ['style']),
    ...(choice.reason === undefined ? [] : ['reason']),
  ];
}

function meet(a: string, b: string): boolean {
  if (a === b) return true;
  const covers = (wide: string, narrow: string): boolean =>
    wide.endsWith(':*') && narrow.startsWith(wide.slice(0, -1));
  return covers(a, b) || covers(b, a);
}
