import type { CharacterSet, Expression } from './regular-syntax.ts';

type Step =
  | { readonly op: 'set'; readonly set: CharacterSet }
  | { readonly op: 'split'; readonly targets: readonly number[] }
  | { readonly op: 'at'; readonly place: 'start' | 'end' | 'word-edge' | 'no-word-edge' }
  | { readonly op: 'match' };

/** An expression as a nondeterministic automaton; a step goes on to the next one unless it is a split. */
export type Automaton = readonly Step[];

/** The automaton, or undefined when it needs more than `limit` steps (counted repetitions are written out). */
export function toAutomaton(expression: Expression, limit: number): Automaton | undefined {
  const steps: (Step | { op: 'split'; targets: number[] })[] = [];
  const full = (): boolean => steps.length > limit;
  const emit = (part: Expression): void => {
    if (full()) return;
    if (part.kind === 'set') steps.push({ op: 'set', set: part.set });
    else if (part.kind === 'at') steps.push({ op: 'at', place: part.place });
    else if (part.kind === 'sequence') part.parts.forEach(emit);
    else if (part.kind === 'choice') emitChoice(part.options);
    else emitRepeat(part.part, part.least, part.most);
  };
  const emitChoice = (options: readonly Expression[]): void => {
    const entry = { op: 'split' as const, targets: [] as number[] };
    steps.push(entry);
    const exits: { op: 'split'; targets: number[] }[] = [];
    for (const option of options) {
      entry.targets.push(steps.length);
      emit(option);
      const exit = { op: 'split' as const, targets: [] as number[] };
      steps.push(exit);
      exits.push(exit);
    }
    for (const exit of exits) exit.targets.push(steps.length);
  };
  const emitRepeat = (part: Expression, least: number, most: number): void => {
    for (let count = 0; count < least && !full(); count++) emit(part);
    if (most === Infinity) {
      const loop = { op: 'split' as const, targets: [steps.length + 1] };
      const start = steps.push(loop) - 1;
      emit(part);
      steps.push({ op: 'split', targets: [start] });
      loop.targets.push(steps.length);
      return;
    }
    const exits: { op: 'split'; targets: number[] }[] = [];
    for (let count = least; count < most && !full(); count++) {
      const exit = { op: 'split' as const, targets: [steps.length + 1] };
      steps.push(exit);
      exits.push(exit);
      emit(part);
    }
    for (const exit of exits) exit.targets.push(steps.length);
  };
  emit(expression);
  steps.push({ op: 'match' });
  return full() ? undefined : steps;
}

/**
 * Everything that the automaton matches, as spans; matches that overlap are one span. Letter case does not matter.
 * All alternatives advance together through the text (Thompson 1968), so time grows with text length * steps.
 */
export function matchSpans(automaton: Automaton, text: string): [start: number, end: number][] {
  const spans: [number, number][] = [];
  const visited = new Int32Array(automaton.length).fill(-1);
  let threads: { step: number; start: number }[] = [];
  for (let position = 0; position <= text.length; position++) {
    const waiting: { step: number; start: number }[] = [];
    let matched: number | undefined;
    // Threads are taken oldest first, so the first to reach a step began the earliest.
    const follow = (step: number, start: number): void => {
      const pending = [step];
      while (pending.length > 0) {
        const index = pending.pop()!;
        if (visited[index] === position) continue;
        visited[index] = position;
        const current = automaton[index]!;
        if (current.op === 'set') waiting.push({ step: index, start });
        else if (current.op === 'match') matched ??= start;
        else if (current.op === 'split') pending.push(...current.targets);
        else if (holds(current.place, text, position)) pending.push(index + 1);
      }
    };
    for (const thread of threads) follow(thread.step, thread.start);
    follow(0, position);
    if (matched !== undefined && matched < position) addSpan(spans, matched, position);
    const character = text.charCodeAt(position);
    threads = [];
    for (const { step, start } of waiting) {
      const current = automaton[step]!;
      if (current.op === 'set' && hasAnyCase(current.set, character)) threads.push({ step: step + 1, start });
    }
  }
  return spans;
}

function addSpan(spans: [number, number][], start: number, end: number): void {
  let from = start;
  while (spans.length > 0 && spans.at(-1)![1] > from) from = Math.min(from, spans.pop()![0]);
  spans.push([from, end]);
}

function holds(
  place: 'start' | 'end' | 'word-edge' | 'no-word-edge',
  text: string,
  position: number,
): boolean {
  if (place === 'start') return position === 0;
  if (place === 'end') return position === text.length;
  const edge = isWord(text[position - 1]) !== isWord(text[position]);
  return edge === (place === 'word-edge');
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}

function hasAnyCase(set: CharacterSet, unit: number): boolean {
  if (Number.isNaN(unit)) return false;
  const character = String.fromCharCode(unit);
  const units = [unit, character.toLowerCase().charCodeAt(0), character.toUpperCase().charCodeAt(0)];
  const listed = units.some((value) => set.ranges.some(([from, to]) => value >= from && value <= to));
  return listed !== set.negated;
}
