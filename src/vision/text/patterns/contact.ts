import { digitised } from './glyphs.ts';
import { matchesOf, type SensitiveMatch } from './match.ts';

/** Grouped by parentheses, or by the same separator twice: 252.227-7013 is a regulation. */
const NORTH_AMERICAN =
  /(?<![\w+-]|\d[. ])(?:\+?1[-. ]{0,2})?(?:\(([2-9]\d{2})\)[-. ]{0,2}([2-9]\d{2})[-. ]{1,2}|([2-9]\d{2}) ?([-. ]) ?([2-9]\d{2}) ?\4 ?)\d{4}(?!\w|[-. ]\d)/g;
const INTERNATIONAL = /(?<![\w+])\+\d(?:[-. ()]{0,2}\d){7,14}(?!\d)/g;

/**
 * Telephone numbers: North American ones (area code and exchange start with 2 to 9 and are not N11; NANPA) written in
 * groups, and international ones with a plus sign and 8 to 15 digits (ITU-T E.164). Of random numbers written 3-3-4,
 * 63 % match.
 */
export function findPhones(text: string): SensitiveMatch[] {
  const american = matchesOf(digitised(text), NORTH_AMERICAN, 'phone', (match) => {
    const codes = [match[1] ?? match[3]!, match[2] ?? match[5]!];
    return codes.some((code) => code.endsWith('11')) ? undefined : 'format';
  });
  const overlaps = (match: SensitiveMatch): boolean =>
    american.some((other) => other.end > match.start && match.end > other.start);
  const others = matchesOf(digitised(text), INTERNATIONAL, 'phone', () => 'format');
  return [...american, ...others.filter((match) => !overlaps(match))];
}

/**
 * E-mail addresses (the dot-atom form of RFC 5322). Recognisers add spaces about the at sign and the dots of the
 * domain and read the sign as a circled letter; all that is accepted.
 */
export function findEmails(text: string): SensitiveMatch[] {
  const address =
    /(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63} ?[@\u00a9\u00ae] ?[A-Za-z0-9-]{1,63}(?: ?\. ?[A-Za-z0-9-]{1,63}){0,4} ?[.,] ?[A-Za-z]{2,24}(?![A-Za-z0-9-])/g;
  return matchesOf(text, address, 'email', () => 'format');
}
