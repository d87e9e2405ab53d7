import type { Keyframe, Region } from '../plan.ts';
import type { ReviewBase } from './base.ts';
import type { Choice, Operation, OperationOf } from './edit.ts';
import {
  beforeFrame,
  checkMoment,
  checkPlace,
  joined,
  micro,
  pathOf,
  replaced,
  toKeyframe,
  within,
} from './geometry.ts';
import { refusals } from './refusals.ts';
import { marked, type Marks, type Part, type ReviewState } from './state.ts';

/** What is done, without undoing: that is done over the whole log. */
export type PlainOperation = Exclude<Operation, { readonly op: 'undo' | 'redo' }>;

/**
 * Does one operation.
 * @param state is changed, but never half: what is refused changes nothing.
 * @throws TidewaiterError `E_EDIT_...` or `E_STYLE_REVERSIBLE`, saying what is wrong.
 */
export function perform(base: ReviewBase, state: ReviewState, operation: PlainOperation): void {
  const { parts } = state;
  switch (operation.op) {
    case 'mark':
      checkChoice(base, state, operation);
      for (const id of operation.regions) {
        const part = partOf(state, id);
        parts.set(id, { ...part, marks: marked(part.marks, operation) });
      }
      return;
    case 'class':
      checkChoice(base, state, operation);
      state.classes.set(operation.class, marked(state.classes.get(operation.class) ?? {}, operation));
      return;
    case 'split':
      return split(state, operation);
    case 'merge':
      return merge(state, operation);
    case 'span': {
      const part = partOf(state, operation.region);
      const { start = part.region.start, end = part.region.end } = operation;
      for (const time of [start, end]) checkMoment(base, time);
      if (end < start) throw refusals.time(`${operation.region} would end before it starts`);
      return reshape(state, part, within(part.region, start, end));
    }
    case 'add':
      return add(base, state, operation);
    case 'remove': {
      const { region } = partOf(state, operation.region);
      if (region.origin === 'model') throw refusals.model(region.id);
      checkUnnamed(state, region.id);
      parts.delete(region.id);
      return;
    }
    case 'keyframe':
      return keyframe(base, state, operation);
    case 'path': {
      const part = partOf(state, operation.region);
      return reshape(
        state,
        part,
        replaced(part.region, checkedPath(base, operation.region, operation.keyframes)),
      );
    }
    case 'sound':
      checkSound(base);
      state.sound = { mode: operation.mode, style: operation.style ?? state.sound.style };
      return;
    case 'hush': {
      const { span, start, end } = operation;
      checkSound(base);
      if (end <= start) throw refusals.time('A span to hush must end after it starts');
      if (state.hushed.has(span)) throw refusals.taken(`A span called ${span}`);
      for (const time of [start, end]) checkSoundMoment(base, time);
      state.hushed.set(span, [micro(start), micro(end)]);
      return;
    }
    case 'unhush':
      if (!state.hushed.delete(operation.span)) throw refusals.unknown(`span called ${operation.span}`);
      return;
    case 'doubt':
      state.verdicts.set(operation.doubt, operation.verdict);
      return;
    case 'release': {
      const { release, title, choices } = operation;
      if (choices === null) {
        if (!state.releases.delete(release)) throw refusals.unknown(`release called ${release}`);
        return;
      }
      for (const choice of choices) checkChoice(base, state, choice);
      state.releases.set(release, { title, choices });
    }
  }
}

function partOf({ parts }: ReviewState, id: string): Part {
  const part = parts.get(id);
  if (part === undefined) throw refusals.unknown(`region called ${id}`);
  return part;
}

function reshape({ parts }: ReviewState, part: Part, region: Region): void {
  parts.set(region.id, { ...part, region });
}

function checkChoice({ rules }: ReviewBase, state: ReviewState, choice: Choice): void {
  if (choice.op === 'mark') for (const id of choice.regions) partOf(state, id);
  else if (!rules.classes.includes(choice.class)) throw refusals.unknown(`class called ${choice.class}`);
  const { style, reason } = choice;
  if (typeof style === 'string' && !rules.styles.includes(style)) throw refusals.style(style);
  const codes = rules.reasons?.map(({ code }) => code) ?? [];
  if (typeof reason === 'string' && !codes.includes(reason)) throw refusals.reason(reason);
}

/** A region that a release names must stay what it is: nobody would notice that it means something else now. */
function checkUnnamed({ releases }: ReviewState, id: string): void {
  for (const [name, { choices }] of releases)
    if (choices.some((choice) => choice.op === 'mark' && choice.regions.includes(id)))
      throw refusals.needed(id, `the release ${name} names it`);
}

function checkFree({ parts }: ReviewState, id: string): void {
  if (parts.has(id)) throw refusals.taken(`A region called ${id}`);
}

function split(state: ReviewState, { region: id, at, as }: OperationOf<'split'>): void {
  const part = partOf(state, id);
  checkFree(state, as);
  checkUnnamed(state, id);
  const { region, marks } = part;
  const time = micro(at);
  const until = micro(time - beforeFrame);
  if (until < region.start || time > region.end)
    throw refusals.time(
      `${id} is there from ${region.start} to ${region.end} s and cannot be split at ${at} s`,
    );
  reshape(state, part, within(region, region.start, until));
  state.parts.set(as, { region: { ...within(region, time, region.end), id: as }, marks });
}

function merge(state: ReviewState, { region: id, with: other }: OperationOf<'merge'>): void {
  if (id === other) throw refusals.merge(`${id} cannot be merged with itself`);
  const [one, two] = [partOf(state, id), partOf(state, other)];
  if (one.region.class !== two.region.class)
    throw refusals.merge(`${id} is of class ${one.region.class} and ${other} of class ${two.region.class}`);
  for (const name of [id, other]) checkUnnamed(state, name);
  const redact = one.region.redact || two.region.redact;
  state.parts.delete(other);
  state.parts.set(id, {
    region: { ...joined(one.region, two.region), redact },
    marks: mergedMarks(one, two),
  });
}

/** What was to be covered in either of the two is covered in both; they are visible only when that was said of both. */
function mergedMarks({ marks }: Part, { marks: others }: Part): Marks {
  const { redact: _, ...rest } = { ...others, ...marks };
  if (marks.redact === true || others.redact === true) return { ...rest, redact: true };
  return marks.redact === false && others.redact === false ? { ...rest, redact: false } : rest;
}

function add(base: ReviewBase, state: ReviewState, operation: OperationOf<'add'>): void {
  const { region: id, class: name, shape = 'box', start, end, keyframes } = operation;
  checkFree(state, id);
  if (!base.rules.classes.includes(name)) throw refusals.unknown(`class called ${name}`);
  if (end < start) throw refusals.time(`${id} would end before it starts`);
  for (const time of [start, end]) checkMoment(base, time);
  const path = checkedPath(base, id, keyframes);
  const region: Region = {
    ...{ id, class: name, redact: true, shape, style: usualStyle(base, name), origin: 'person' },
    ...{ start: micro(start), end: micro(end), keyframes: path },
  };
  state.parts.set(id, { region, marks: {} });
}

/** What a person adds looks as what models found does. */
function usualStyle({ plan, rules }: ReviewBase, name: string): Region['style'] {
  const others = plan.regions.filter(({ style }) => rules.styles.includes(style));
  return (others.find((region) => region.class === name) ?? others[0])?.style ?? 'solid';
}

function checkedPath(base: ReviewBase, id: string, given: readonly Keyframe[]): Keyframe[] {
  const path = pathOf({ keyframes: [...given] }).map(({ time, box }) => {
    checkMoment(base, time);
    checkPlace(base, id, box);
    return toKeyframe({ time, box });
  });
  if (path.some(([time], index) => index > 0 && time <= path[index - 1]![0]))
    throw refusals.time(`The keyframes of ${id} are not in the order of time`);
  return path;
}

function keyframe(base: ReviewBase, state: ReviewState, operation: OperationOf<'keyframe'>): void {
  const { region: id, at, box } = operation;
  const part = partOf(state, id);
  const { region } = part;
  const time = micro(at);
  if (box !== null) {
    const [x, y, width, height] = box;
    const [placed] = checkedPath(base, id, [[time, x, y, width, height]]);
    return reshape(state, part, replaced(region, [placed!]));
  }
  const keyframes = region.keyframes.filter(([moment]) => Math.abs(moment - time) > 1e-5);
  if (keyframes.length === region.keyframes.length) throw refusals.unknown(`keyframe of ${id} at ${at} s`);
  if (keyframes.length === 0) throw refusals.time(`${id} has only the one keyframe at ${at} s`);
  reshape(state, part, { ...region, keyframes });
}

function checkSound({ plan }: ReviewBase): void {
  if (plan.source.kind === 'picture') throw refusals.sound();
}

/** Sound may begin before the first frame and end after the last. */
function checkSoundMoment({ plan, clip }: ReviewBase, time: number): void {
  const [from, to] = [Math.min(0, clip.first), Math.max(clip.last, clip.first + plan.source.duration)];
  if (time < from || time > to + 1)
    throw refusals.time(`${time} s is outside of the recording, which goes from ${from} to ${to} s`);
}
