import { matchesOf, type SensitiveMatch } from './match.ts';

/**
 * Telephone numbers: North American ones (area code and exchange start with 2 to 9 and are not N11; NANPA) that are
 * written in groups or with +1, and international ones with a plus sign and 8 to 15 digits (ITU-T E.164).
 */
export function findPhones(text: string): SensitiveMatch[] {
  const northAmerican =
    /(?<![\w+-]|\d[. ])(?:\+?1[-. ]{0,2})?(?:\(([2-9]\d{2})\)[-. ]{0,2}|([2-9]\d{2})[-. ]{1,2})([2-9]\d{2})[-. ]{1,2}\d{4}(?![\w]|[-. ]\d)/g;
  const international = /(?<![\w+])\+\d(?:[-. ()]{0,2}\d){7,14}(?!\d)/g;
  const isService = (code: string | undefined): boolean => code?.endsWith('11') ?? false;
  const american = matchesOf(text, northAmerican, 'phone', (match) =>
    isService(match[1] ?? match[2]) || isService(match[3]) ? undefined : 'format',
  );
  const others = matchesOf(text, international, 'phone', () => 'format');
  return [
    ...american,
    ...others.filter(
      (match) => !american.some((other) => other.end > match.start && match.end > other.start),
    ),
  ];
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
