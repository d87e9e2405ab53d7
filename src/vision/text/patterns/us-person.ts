import { digitised } from './glyphs.ts';
import { matchesOf, type SensitiveMatch } from './match.ts';

/**
 * US social security numbers, written 3-2-4 with dashes, dots or spaces, or as nine digits behind the letters SSN.
 * Areas 000, 666 and 900 to 999, group 00 and serial 0000 were never issued (Social Security Administration, POMS
 * RM 10201.035). Of random numbers of
 * this form 89 % pass.
 */
export function findSsns(text: string): SensitiveMatch[] {
  const expression =
    /(?<![\w-]|\d[. ])(\d{3})([-. ])(\d{2})\2(\d{4})(?![\w]|[-. ]\d)|(?<=\bSSN\b[^A-Za-z0-9]{0,4})(\d{3}) ?(\d{2}) ?(\d{4})(?!\d)/gi;
  return matchesOf(digitised(text), expression, 'ssn', (match) => {
    const area = match[1] ?? match[5]!;
    const group = match[3] ?? match[6]!;
    const serial = match[4] ?? match[7]!;
    const issued = area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000';
    return issued ? 'format' : undefined;
  });
}

/** Alien registration numbers: A and eight or nine digits, or A and three groups (USCIS). */
export function findANumbers(text: string): SensitiveMatch[] {
  const expression = /(?<![A-Za-z0-9])A ?[-#]? ?(?:\d{8,9}|\d{2,3}[- ]\d{3}[- ]\d{3})(?![\w]|-\d)/g;
  return matchesOf(text, expression, 'a-number', () => 'format');
}
