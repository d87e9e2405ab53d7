import { matchAt, type SensitiveMatch } from './match.ts';

/** Finds the words of a list in a text. */
export type WordMatcher = (text: string) => SensitiveMatch[];

/** Characters that recognisers take for one another, by the one that stands for their group. */
const groups: Readonly<Record<string, string>> = {
  o: '0',
  q: '0',
  d: '0',
  i: '1',
  l: '1',
  '|': '1',
  '!': '1',
  j: '1',
};
const pairs: Readonly<Record<string, string>> = { s: '5', b: '8', z: '2', g: '6' };

interface Folded {
  readonly characters: string;
  /** For each folded character its place in the text. */
  readonly at: readonly number[];
}

interface Word {
  readonly exact: string;
  readonly shapes: string;
}

/**
 * A matcher for words and phrases. Case, diacritics and spaces inside do not matter, and one character may be misread
 * for one that looks like it (O/0, I/1/l, S/5, B/8, Z/2, G/6) in words of four characters and more. A word begins and
 * ends where a word does in the text, except in scripts that put no space between words.
 */
export function compileWords(words: readonly string[]): WordMatcher {
  const byFirst = new Map<string, Word[]>();
  for (const source of words) {
    const exact = fold(source).characters;
    if (exact === '') continue;
    const word = { exact, shapes: shapesOf(exact) };
    const list = byFirst.get(word.shapes[0]!);
    if (list === undefined) byFirst.set(word.shapes[0]!, [word]);
    else list.push(word);
  }
  return (text) => findWords(text, byFirst);
}

function findWords(text: string, byFirst: ReadonlyMap<string, readonly Word[]>): SensitiveMatch[] {
  const { characters, at } = fold(text);
  const shapes = shapesOf(characters);
  const found: SensitiveMatch[] = [];
  for (let index = 0; index < characters.length; index++) {
    for (const word of byFirst.get(shapes[index]!) ?? []) {
      const last = index + word.exact.length - 1;
      if (last >= characters.length || !shapes.startsWith(word.shapes, index)) continue;
      const allowed = word.exact.length >= 4 ? 1 : 0;
      if (differences(characters, index, word.exact) > allowed) continue;
      const start = at[index]!;
      const end = at[last]! + 1;
      if (joins(text, start - 1, start) || joins(text, end - 1, end)) continue;
      found.push(matchAt(text, 'word', start, end, 'user'));
    }
  }
  return found;
}

function fold(text: string): Folded {
  const at: number[] = [];
  let characters = '';
  for (let index = 0; index < text.length; index++) {
    const folded = text[index]!.normalize('NFKD')
      .replaceAll(/[\p{M}\s]/gu, '')
      .toLowerCase();
    for (const character of folded) {
      characters += character;
      for (let unit = 0; unit < character.length; unit++) at.push(index);
    }
  }
  return { characters, at };
}

function shapesOf(characters: string): string {
  return [...characters].map((character) => groups[character] ?? pairs[character] ?? character).join('');
}

function differences(characters: string, offset: number, word: string): number {
  let count = 0;
  for (let index = 0; index < word.length; index++) {
    if (characters[offset + index] !== word[index]) count++;
  }
  return count;
}

/** True when the characters on both sides belong to one word. */
function joins(text: string, before: number, after: number): boolean {
  const inWord = (index: number): boolean => {
    const character = text[index];
    return (
      character !== undefined &&
      /[\p{L}\p{N}\p{M}]/u.test(character) &&
      !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(character)
    );
  };
  return inWord(before) && inWord(after);
}
