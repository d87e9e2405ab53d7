import { findSensitive, type SensitiveRules, type TextContext } from './patterns/find.ts';
import type { SensitiveKind, SensitiveMatch } from './patterns/match.ts';
import { compilePatterns } from './patterns/user-patterns.ts';
import { compileWords } from './patterns/words.ts';
import { chainsOf, sameBlock, type PlacedLine } from './neighbours.ts';

/** A line of text that was found and read. */
export interface ReadLine extends PlacedLine {
  readonly text: string;
  readonly context?: TextContext;
}

/** Kinds that are printed in groups far enough apart to be found as several lines. */
const grouped: ReadonlySet<SensitiveKind> = new Set<SensitiveKind>([
  'mrz',
  'container-number',
  'vin',
  'air-waybill',
  'card',
  'ssn',
  'phone',
]);

/** A number that takes up whole lines has no more characters than this: 19 of a card and its spaces. */
const MAX_STACKED = 24;

/** Lines shorter than this are no part of an MRZ, even when they lie in its block. */
const MIN_MRZ_LINE = 8;

/**
 * What each line of a picture is, or undefined where nothing sensitive is known. Beyond what a line shows alone:
 * numbers broken into groups side by side or below one another are joined, and lines that form a block with an MRZ
 * line are part of the MRZ. Of several kinds in a line, one whose check digit agrees comes first, then the user's own.
 * @throws TidewaiterError `E_PATTERN` for a user pattern that cannot be used.
 */
export function classifyLines(
  lines: readonly ReadLine[],
  rules: SensitiveRules = {},
): (SensitiveKind | undefined)[] {
  return matchLines(lines, rules).map((matches) => strongest(matches)?.kind);
}

/**
 * The matches behind {@link classifyLines}, line by line. A match that runs over several lines is listed at each, with
 * its whole text and, as `start` and `end`, the part that lies in the line.
 */
export function matchLines(lines: readonly ReadLine[], rules: SensitiveRules = {}): SensitiveMatch[][] {
  const { words = [], patterns = [] } = rules;
  const compiled = {
    words: typeof words === 'function' ? words : compileWords(words),
    patterns: typeof patterns === 'function' ? patterns : compilePatterns(patterns),
  };
  const found = lines.map((line) => findSensitive(line.text, { ...compiled, context: line.context }));
  const { rows, stacks } = chainsOf(lines);
  const alone = found.map((matches) => matches.some((match) => match.certainty === 'check-digit'));
  const join = (chain: readonly number[], stacked: boolean): void => {
    for (let count = 2; count <= chain.length; count++) {
      const members = chain.slice(0, count);
      // A line that holds a checked number of its own is no group of another.
      if (members.some((index) => alone[index])) return;
      addJoined(found, lines, members, stacked);
    }
  };
  for (const chain of rows) join(chain, false);
  for (const chain of stacks) join(chain, true);
  spreadMrz(found, lines);
  return found;
}

function strongest(matches: readonly SensitiveMatch[]): SensitiveMatch | undefined {
  const rank = { 'check-digit': 0, user: 1, format: 2 };
  return matches.toSorted((a, b) => rank[a.certainty] - rank[b.certainty])[0];
}

/**
 * Looks for numbers that run over all of these lines, and lists each at every line. Lines below one another are often
 * unrelated, so there a number must have a check digit that agrees and take up every line whole.
 */
function addJoined(
  found: SensitiveMatch[][],
  lines: readonly ReadLine[],
  members: readonly number[],
  stacked: boolean,
): void {
  const texts = members.map((index) => lines[index]!.text.trim());
  if (!texts.some((text) => /[0-9<]/.test(text))) return;
  if (stacked && texts.join('').length > MAX_STACKED) return;
  for (const match of findSensitive(texts.join(' '))) {
    if (!grouped.has(match.kind) || (stacked && match.certainty !== 'check-digit')) continue;
    const parts = partsOf(match, texts);
    if (parts.length < members.length) continue;
    if (stacked && !parts.every(({ start, end }, part) => start === 0 && end === texts[part]!.length))
      continue;
    for (const [part, { start, end }] of parts.entries()) {
      const { text } = lines[members[part]!]!;
      const lead = text.length - text.trimStart().length;
      const matches = found[members[part]!]!;
      const known = matches.some((other) => other.kind === match.kind && other.text === match.text);
      if (!known) matches.push({ ...match, start: start + lead, end: end + lead });
    }
  }
}

/** The parts of a match in texts joined by a space, each within its text; texts that it does not touch have none. */
function partsOf(match: SensitiveMatch, texts: readonly string[]): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let offset = 0;
  for (const { length } of texts) {
    const start = Math.max(0, match.start - offset);
    const end = Math.min(length, match.end - offset);
    if (start < end) parts.push({ start, end });
    offset += length + 1;
  }
  return parts;
}

function spreadMrz(found: SensitiveMatch[][], lines: readonly ReadLine[]): void {
  const isMrz = (index: number): boolean => found[index]!.some((match) => match.kind === 'mrz');
  let pending = lines.flatMap((_, index) => (isMrz(index) ? [index] : []));
  while (pending.length > 0) {
    const reached: number[] = [];
    for (const [index, line] of lines.entries()) {
      const long = line.text.replaceAll(/\s/g, '').length >= MIN_MRZ_LINE;
      if (!long || isMrz(index) || !pending.some((known) => sameBlock(lines[known]!, line))) continue;
      found[index]!.push({
        kind: 'mrz',
        start: 0,
        end: line.text.length,
        text: line.text,
        certainty: 'format',
      });
      reached.push(index);
    }
    pending = reached;
  }
}
