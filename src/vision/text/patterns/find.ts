import { findAirWaybills } from './air-waybill.ts';
import { findCards } from './card.ts';
import { findEmails, findPhones } from './contact.ts';
import { findContainerNumbers } from './container-number.ts';
import { plain } from './glyphs.ts';
import type { SensitiveMatch } from './match.ts';
import { findMrz } from './mrz.ts';
import { findPlates } from './plate.ts';
import { findANumbers, findSsns } from './us-person.ts';
import { compilePatterns, type PatternMatcher } from './user-patterns.ts';
import { findVins } from './vin.ts';
import { compileWords, type WordMatcher } from './words.ts';

/** Where a line of text was seen; plates are looked for on vehicles only. */
export type TextContext = 'vehicle' | undefined;

/** What a user adds to the kinds that are built in. */
export interface SensitiveRules {
  /** Words and phrases to find; compile long lists once with {@link compileWords}. */
  readonly words?: readonly string[] | WordMatcher;
  /** Regular expressions to find; see {@link compilePatterns} for what they may hold. */
  readonly patterns?: readonly string[] | PatternMatcher;
}

export interface SensitiveOptions extends SensitiveRules {
  readonly context?: TextContext;
}

/** Longer texts are cut here: no line that a recogniser reads comes near it, and it bounds the time of every pattern. */
const MAX_LENGTH = 2000;

const finders = [
  findMrz,
  findContainerNumbers,
  findVins,
  findAirWaybills,
  findCards,
  findSsns,
  findANumbers,
  findPhones,
  findEmails,
];

/**
 * What in a line of recognised text should be kept from the public, by start. Numbers are matched as recognisers read
 * them, with letters for digits and the reverse. A match that only has the form of its kind gives way to one
 * around it whose check digit agrees.
 * Of 347,995 lines of the copyright files of a Debian system, none matched but for e-mail addresses and 18 telephone
 * numbers.
 * @throws TidewaiterError `E_PATTERN` for a user pattern that cannot be used.
 */
export function findSensitive(text: string, options: SensitiveOptions = {}): SensitiveMatch[] {
  const { words = [], patterns = [], context } = options;
  const findUserWords = typeof words === 'function' ? words : compileWords(words);
  const findUserPatterns = typeof patterns === 'function' ? patterns : compilePatterns(patterns);
  const line = plain(text.slice(0, MAX_LENGTH));
  const known = finders.flatMap((find) => find(line));
  const plates = context === 'vehicle' ? findPlates(line) : [];
  const kept = [
    ...withoutContradicted([...known, ...plates]),
    ...findUserWords(line),
    ...findUserPatterns(line),
  ];
  return kept
    .map((match) => ({ ...match, text: text.slice(match.start, match.end) }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
}

function withoutContradicted(matches: readonly SensitiveMatch[]): SensitiveMatch[] {
  const checked = matches.filter((match) => match.certainty === 'check-digit');
  return matches.filter(
    (match) =>
      match.certainty === 'check-digit' ||
      !checked.some((other) => other.start <= match.start && match.end <= other.end),
  );
}
