import { TidewaiterError } from '../../../core/errors.ts';

/** A set of UTF-16 code units: inclusive ranges, or all others when `negated`. */
export interface CharacterSet {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly negated: boolean;
}

export type Expression =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'at'; readonly place: 'start' | 'end' | 'word-edge' | 'no-word-edge' }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly options: readonly Expression[] }
  | { readonly kind: 'repeat'; readonly part: Expression; readonly least: number; readonly most: number };

const code = (character: string): number => character.charCodeAt(0);
const DIGITS = [[code('0'), code('9')]] as const;
const WORD = [
  [code('0'), code('9')],
  [code('A'), code('Z')],
  [code('_'), code('_')],
  [code('a'), code('z')],
] as const;
const SPACES = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x3000, 0x3000],
] as const;
const classes: Readonly<Record<string, CharacterSet['ranges']>> = { d: DIGITS, w: WORD, s: SPACES };
const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

/**
 * Parses the regular part of JavaScript's expressions: literals, `.`, `[...]`, `\d \w \s \D \W \S \b \B`, `^ $`, `|`,
 * groups, `* + ? {m,n}` (a following `?` changes nothing here). Lookaround, back references and `\p` are refused:
 * they cannot be matched in time linear in the text.
 * @throws TidewaiterError `E_PATTERN` with the place of what it cannot take.
 */
export function parseRegular(source: string): Expression {
  const parser = new Parser(source);
  return parser.parse();
}

class Parser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Expression {
    const expression = this.#choice();
    if (this.#at < this.#source.length) this.#refuse('has a ) without its (');
    return expression;
  }

  #choice(): Expression {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#peek())) {
      parts.push(this.#repeated(this.#atom()));
    }
    return { kind: 'sequence', parts };
  }

  #repeated(part: Expression): Expression {
    const bounds = this.#bounds();
    if (bounds === undefined) return part;
    this.#take('?');
    if ('*+?{'.includes(this.#peek() || ' ')) this.#refuse('repeats a repetition');
    return { kind: 'repeat', part, least: bounds[0], most: bounds[1] };
  }

  #bounds(): [least: number, most: number] | undefined {
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    if (this.#take('?')) return [0, 1];
    const braces = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.#at));
    if (braces === null) return undefined;
    this.#at += braces[0].length;
    const least = Number(braces[1]);
    const most = braces[2] === undefined ? least : braces[3] === '' ? Infinity : Number(braces[3]);
    if (most < least) this.#refuse('has numbers out of order in {}');
    return [least, most];
  }

  #atom(): Expression {
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', set: this.#set() };
      case '.':
        return {
          kind: 'set',
          set: {
            ranges: [
              [10, 10],
              [13, 13],
            ],
            negated: true,
          },
        };
      case '^':
        return { kind: 'at', place: 'start' };
      case '$':
        return { kind: 'at', place: 'end' };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        return this.#refuse('repeats nothing');
      default:
        return literal(character);
    }
  }

  #group(): Expression {
    if (this.#take('?') && !this.#take(':')) this.#refuse('uses lookaround or a named group');
    const inner = this.#choice();
    if (!this.#take(')')) this.#refuse('has a ( without its )');
    return inner;
  }

  #escape(): Expression {
    const character = this.#next();
    if (character === 'b') return { kind: 'at', place: 'word-edge' };
    if (character === 'B') return { kind: 'at', place: 'no-word-edge' };
    const ranges = classes[character.toLowerCase()];
    if (ranges === undefined) return literal(this.#escaped(character));
    return { kind: 'set', set: { ranges, negated: character !== character.toLowerCase() } };
  }

  #escaped(character: string): string {
    const control = controls[character];
    if (control !== undefined) return control;
    if (/[A-Za-z0-9]/.test(character)) this.#refuse(`uses \\${character}`);
    return character;
  }

  #set(): CharacterSet {
    const negated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.#take(']')) {
      const character = this.#next();
      const escaped = character === '\\' ? this.#next() : undefined;
      const named = escaped === undefined ? undefined : classes[escaped];
      if (named !== undefined) {
        ranges.push(...named);
        continue;
      }
      const from = escaped === undefined ? character : this.#escaped(escaped);
      ranges.push([code(from), code(this.#rangeEnd() ?? from)]);
      if (ranges.at(-1)![0] > ranges.at(-1)![1]) this.#refuse('has a range out of order in []');
    }
    return { ranges, negated };
  }

  #rangeEnd(): string | undefined {
    if (this.#peek() !== '-' || this.#source[this.#at + 1] === ']') return undefined;
    this.#at++;
    const character = this.#next();
    return character === '\\' ? this.#escaped(this.#next()) : character;
  }

  #peek(): string {
    return this.#source[this.#at] ?? '';
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #next(): string {
    const character = this.#source[this.#at++];
    return character ?? this.#refuse('ends too early');
  }

  #refuse(what: string): never {
    throw new TidewaiterError(
      'E_PATTERN',
      `The pattern ${JSON.stringify(this.#source)} ${what}, near character ${this.#at}`,
      'Use letters, classes, groups, | and repetitions only; docs list what a pattern may hold.',
    );
  }
}

function literal(character: string): Expression {
  return { kind: 'set', set: { ranges: [[code(character), code(character)]], negated: false } };
}
