import { TidewaiterError } from '../../../core/errors.ts';
import { matchAt, type SensitiveMatch } from './match.ts';
import { matchSpans, toAutomaton } from './regular-match.ts';
import { parseRegular } from './regular-syntax.ts';

/** Finds the patterns of a list in a text. */
export type PatternMatcher = (text: string) => SensitiveMatch[];

const MAX_SOURCE = 500;
const MAX_STEPS = 1000;

/**
 * A matcher for regular expressions that a user wrote. They are not run by JavaScript's engine, which some expressions
 * hold up for ever, but as automata whose time grows with text length * pattern size and no faster. Case does not
 * matter; matches of one pattern that overlap are reported as one. See {@link parseRegular} for the syntax.
 * @throws TidewaiterError `E_PATTERN` for an expression that cannot be parsed, is
 *   longer than 500 characters, or needs more than 1000 steps when its counted repetitions are written out.
 */
export function compilePatterns(sources: readonly string[]): PatternMatcher {
  const automata = sources.map(compile);
  return (text) =>
    automata.flatMap((automaton) =>
      matchSpans(automaton, text).map(([start, end]) => matchAt(text, 'pattern', start, end, 'user')),
    );
}

function compile(source: string): NonNullable<ReturnType<typeof toAutomaton>> {
  if (source === '' || source.length > MAX_SOURCE) {
    throw new TidewaiterError(
      'E_PATTERN',
      `A pattern of ${source.length} characters cannot be used`,
      `Give a pattern of 1 to ${MAX_SOURCE} characters.`,
    );
  }
  const automaton = toAutomaton(parseRegular(source), MAX_STEPS);
  if (automaton !== undefined) return automaton;
  throw new TidewaiterError(
    'E_PATTERN',
    `The pattern ${JSON.stringify(source)} is too large: its repetitions come to more than ${MAX_STEPS} steps`,
    'Use smaller numbers in {}, or several patterns.',
  );
}
