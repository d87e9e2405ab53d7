import { asDigit, plain } from './glyphs.ts';

/** Characters that recognisers give for the filler. */
const fillers = /[>\u00bb\u00ab\u2039\u3008\u300a\u304f]/g;

/** A line without spaces and with every filler as `<`, and for each character its place in the text. */
export interface MrzCharacters {
  readonly characters: string;
  readonly at: readonly number[];
  /** How many characters were not capitals, digits or fillers. */
  readonly foreign: number;
}

export function mrzCharacters(text: string): MrzCharacters {
  const clean = plain(text).replace(fillers, '<');
  const at: number[] = [];
  let characters = '';
  let foreign = 0;
  for (let index = 0; index < clean.length; index++) {
    const character = clean[index]!;
    if (character === ' ') continue;
    if (!/[A-Z0-9<]/.test(character)) foreign++;
    characters += character.toUpperCase();
    at.push(index);
  }
  return { characters, at, foreign };
}

/**
 * Check digit of ICAO Doc 9303 part 3, 4.9: values 0 to 9, A = 10 to Z = 35, filler 0, weights 7, 3, 1, modulo 10. It
 * catches every single wrong character but those whose values differ by 10, 20 or 30 (0, A, K and U, for one).
 */
export function mrzCheckDigit(field: string): number {
  let sum = 0;
  for (let index = 0; index < field.length; index++) {
    sum += valueOf(field[index]!) * [7, 3, 1][index % 3]!;
  }
  return sum % 10;
}

/** True when the character after a field is its check digit; a filler stands for 0 where the field is empty. */
export function mrzFieldValid(field: string, check: string): boolean {
  const digit = check === '<' ? '0' : asDigit(check);
  return digit !== undefined && mrzCheckDigit(field) === Number(digit);
}

function valueOf(character: string): number {
  if (character === '<') return 0;
  return character <= '9' ? Number(character) : character.charCodeAt(0) - 55;
}
