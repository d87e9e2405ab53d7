import { readDate, type LooseDate } from './dates.ts';
import type { Column } from './layout.ts';
import { readPythonList } from './python-list.ts';

/** What an answer was read as, beside the text of the file. */
export interface Answer {
  /** The file's own text. */
  readonly text: string;
  /** Whether it says anything: white space, `N/A` where that is no choice, and `[]` say nothing. */
  readonly blank: boolean;
  /** The choice, in the dictionary's words; the trimmed text where there are no choices; empty when blank. */
  readonly value: string;
  /** For answers of which several may be chosen. */
  readonly values?: readonly string[];
  readonly date?: LooseDate;
  /** Parts that are no choice of the dictionary. */
  readonly unknown: readonly string[];
  /** Parts that were read as a choice although they are written in another way. */
  readonly variants: readonly { readonly text: string; readonly choice: string }[];
}

/** Said where an answer was expected, and no answer. */
const nothing = new Set(['', 'n/a', 'na', 'not applicable', 'n.a']);

/** Reads a cell as the dictionary of its column says. */
export function readAnswer(column: Column, text: string): Answer {
  const plain = text.replaceAll('\u00a0', ' ').trim();
  if (column.kind === 'list') return readList(column, text, plain);
  if (column.choices !== undefined) return readChoices(column, text, [plain]);
  const blank = nothing.has(plain.toLowerCase());
  const answer = { text, blank, value: blank ? '' : plain, unknown: [], variants: [] };
  const date = column.kind === 'date' && !blank ? readDate(plain) : undefined;
  return date === undefined ? answer : { ...answer, date };
}

function readList(column: Column, text: string, plain: string): Answer {
  const python = readPythonList(plain);
  // The 2024 file separates choices by commas or semicolons, and its choices hold commas themselves.
  const parts = python ?? (matchChoice(column, plain) === undefined ? plain.split(/[;,]\s*/) : [plain]);
  const answer = readChoices(column, text, parts);
  const { values = [] } = answer;
  return { ...answer, blank: answer.blank && values.length === 0 };
}

function readChoices(column: Column, text: string, parts: readonly string[]): Answer {
  const values: string[] = [];
  const unknown: string[] = [];
  const variants: Answer['variants'][number][] = [];
  for (const part of parts) {
    const choice = matchChoice(column, part);
    if (choice !== undefined) {
      values.push(choice);
      if (choice !== part && column.variants?.[part] !== choice) variants.push({ text: part, choice });
    } else if (!nothing.has(part.trim().toLowerCase())) {
      values.push(part.trim());
      unknown.push(part.trim());
    }
  }
  return {
    text,
    blank: values.length === 0,
    value: values.join('; '),
    ...(column.kind === 'list' ? { values } : {}),
    unknown,
    variants,
  };
}

/** The choice that a text means: itself, a variant, either with other dashes, case, spaces or stops, or its first words. */
function matchChoice({ choices = [], variants = {} }: Column, text: string): string | undefined {
  if (choices.includes(text)) return text;
  const own = variants[text];
  if (own !== undefined) return own;
  const wanted = simple(text);
  if (wanted === '') return undefined;
  const known: [string, string][] = [...choices.map((choice): [string, string] => [choice, choice])];
  known.push(...Object.entries(variants));
  const same = known.find(([words]) => simple(words) === wanted);
  if (same !== undefined) return same[1];
  // `Documentation is complete` for `Documentation is complete: Documentation exists ...`, `Yes - it was` for `Yes`.
  const head = known.find(
    ([words]) =>
      simple(words.split(':')[0] ?? '') === wanted || simple(text.split(/ [-–] /)[0] ?? '') === simple(words),
  );
  if (head !== undefined) return head[1];
  // A choice whose explanation was cut off.
  return wanted.length < 20 ? undefined : known.find(([words]) => simple(words).startsWith(wanted))?.[1];
}

function simple(text: string): string {
  return text
    .replaceAll(/[\s\u00a0]+/g, ' ')
    .replaceAll(/[‐-―]/g, '-')
    .replaceAll('’', "'")
    .replace(/[.,;\s]+$/, '')
    .trim()
    .toLowerCase();
}
