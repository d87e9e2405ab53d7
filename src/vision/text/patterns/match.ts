/** What a piece of text is. `word` and `pattern` are the user's own. */
export type SensitiveKind =
  | 'mrz'
  | 'container-number'
  | 'vin'
  | 'air-waybill'
  | 'card'
  | 'ssn'
  | 'a-number'
  | 'phone'
  | 'email'
  | 'plate'
  | 'word'
  | 'pattern';

/**
 * How sure a match is: `check-digit` when the number's own check digits agree, `format` when only its form does,
 * `user` for a word or pattern that the user gave.
 */
export type Certainty = 'check-digit' | 'format' | 'user';

export interface SensitiveMatch {
  readonly kind: SensitiveKind;
  /** First character in the text that was searched, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** The matched characters as the recogniser read them. */
  readonly text: string;
  readonly certainty: Certainty;
}

export function matchAt(
  text: string,
  kind: SensitiveKind,
  start: number,
  end: number,
  certainty: Certainty,
): SensitiveMatch {
  return { kind, start, end, text: text.slice(start, end), certainty };
}

/** All matches of a regular expression, which must be global, as matches of one kind. */
export function matchesOf(
  text: string,
  expression: RegExp,
  kind: SensitiveKind,
  certaintyOf: (match: RegExpMatchArray) => Certainty | undefined,
): SensitiveMatch[] {
  const found: SensitiveMatch[] = [];
  for (const match of text.matchAll(expression)) {
    const certainty = certaintyOf(match);
    if (certainty === undefined) continue;
    found.push(matchAt(text, kind, match.index, match.index + match[0].length, certainty));
  }
  return found;
}
