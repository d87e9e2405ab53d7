/**
 * Characters that recognisers take for one another, resolved by what the position can hold. Each list starts with
 * the likeliest reading. Pairs after measurements of OCR errors on codes: O/0, I/1, S/5, B/8, Z/2, G/6.
 */
const digitFor: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  Q: '0',
  D: '0',
  I: '1',
  l: '1',
  '|': '1',
  '!': '1',
  i: '1',
  L: '1',
  Z: '2',
  z: '2',
  S: '5',
  s: '5',
  G: '6',
  b: '6',
  B: '8',
};

const letterFor: Readonly<Record<string, string>> = {
  '0': 'O',
  '1': 'I',
  '2': 'Z',
  '5': 'S',
  '6': 'G',
  '8': 'B',
};

/** The digit that this character is or may be misread for, or undefined. */
export function asDigit(character: string): string | undefined {
  if (character >= '0' && character <= '9') return character;
  return digitFor[character];
}

/** The capital letter that this character is or may be misread for, or undefined. */
export function asLetter(character: string): string | undefined {
  if (character >= 'A' && character <= 'Z') return character;
  if (character >= 'a' && character <= 'z') return character.toUpperCase();
  return letterFor[character];
}

/** Every character read as a digit, or undefined when one cannot be. */
export function asDigits(characters: string): string | undefined {
  let digits = '';
  for (const character of characters) {
    const digit = asDigit(character);
    if (digit === undefined) return undefined;
    digits += digit;
  }
  return digits;
}

/** The text with every number, its groups joined by dashes or dots, freed of letters that were read for digits. */
export function digitised(text: string): string {
  return text.replaceAll(/[A-Za-z0-9|!]+(?:[-.][A-Za-z0-9|!]+)*/g, (number) => {
    if (countDigits(number) * 2 < number.length) return number;
    const digits = [...number].map((character) =>
      '-.'.includes(character) ? character : asDigit(character),
    );
    return digits.includes(undefined) ? number : digits.join('');
  });
}

/** How many characters are digits as they stand. */
export function countDigits(characters: string): number {
  let count = 0;
  for (const character of characters) if (character >= '0' && character <= '9') count++;
  return count;
}

/**
 * The text with full-width forms as ASCII, and every kind of space, dash and middle dot as one: recognisers that know Chinese give
 * such forms for Latin print. The length stays, so that positions agree.
 */
export function plain(text: string): string {
  return text.replace(/[\uff01-\uff5e\p{Zs}\u2010-\u2015\u2212\u00b7\u2022\u30fb]/gu, (character) => {
    const code = character.charCodeAt(0);
    if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
    if (code === 0xb7 || code === 0x2022 || code === 0x30fb) return '.';
    return (code >= 0x2010 && code <= 0x2015) || code === 0x2212 ? '-' : ' ';
  });
}

/** A run of letters and digits of fixed length, read over separators. */
export interface Window {
  readonly characters: string;
  readonly start: number;
  /** After the last character. */
  readonly end: number;
  /** For each character its place in the text. */
  readonly at: readonly number[];
}

export interface WindowOptions {
  /** Characters that may stand between groups, one at a time; space, dash and dot by default. */
  readonly separators?: string;
  /** True when letters or digits may follow directly: a code glued to the next. */
  readonly openEnd?: boolean;
}

function isGlyph(character: string): boolean {
  return (
    (character >= '0' && character <= '9') ||
    (character >= 'A' && character <= 'Z') ||
    (character >= 'a' && character <= 'z') ||
    character === '|' ||
    character === '!'
  );
}

/**
 * Every run of `length` letters and digits that starts where a word starts and ends where one ends, with at most two
 * separators in a row inside.
 */
export function windows(text: string, length: number, options: WindowOptions = {}): Window[] {
  const { separators = ' -.', openEnd = false } = options;
  const found: Window[] = [];
  for (let start = 0; start < text.length; start++) {
    if (!isGlyph(text[start]!) || (start > 0 && isGlyph(text[start - 1]!))) continue;
    const at: number[] = [];
    let gap = 0;
    for (let index = start; index < text.length && at.length < length; index++) {
      if (isGlyph(text[index]!)) {
        at.push(index);
        gap = 0;
      } else if (!separators.includes(text[index]!) || ++gap > 2) break;
    }
    if (at.length < length) continue;
    const end = at.at(-1)! + 1;
    if (!openEnd && end < text.length && isGlyph(text[end]!)) continue;
    found.push({ characters: at.map((index) => text[index]!).join(''), start, end, at });
  }
  return found;
}
