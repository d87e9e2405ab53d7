import { asDigits, countDigits, windows } from './glyphs.ts';
import { matchAt, type SensitiveMatch } from './match.ts';

/** True when the last digit agrees with the Luhn formula (ISO/IEC 7812-1 annex B). */
export function luhnValid(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Issuer ranges (first and last leading digits) and the lengths their cards have; ISO/IEC 7812 and the schemes' own pages. */
const issuers: readonly (readonly [first: string, last: string, lengths: readonly number[]])[] = [
  ['4', '4', [13, 16, 19]], // Visa
  ['51', '55', [16]], // Mastercard
  ['2221', '2720', [16]],
  ['34', '34', [15]], // American Express
  ['37', '37', [15]],
  ['300', '305', [14, 16, 19]], // Diners Club
  ['3095', '3095', [14, 16, 19]],
  ['36', '36', [14, 16, 19]],
  ['38', '39', [14, 16, 19]],
  ['3528', '3589', [16, 19]], // JCB
  ['6011', '6011', [16, 19]], // Discover
  ['644', '649', [16, 19]],
  ['65', '65', [16, 19]],
  ['62', '62', [16, 17, 18, 19]], // UnionPay
  ['5018', '5038', [13, 16, 19]], // Maestro
  ['6304', '6304', [16, 19]],
  ['6759', '6763', [16, 19]],
];

const lengths = [19, 18, 17, 16, 15, 14, 13];

/**
 * Payment card numbers: an issuer's range and length, and a valid Luhn digit. Of 20,000 random numbers of
 * 16 digits 2.7 % match, of 13 digits 1.2 %, of 19 digits 1.7 %, of 15 digits 0.2 %.
 */
export function findCards(text: string): SensitiveMatch[] {
  const found: SensitiveMatch[] = [];
  for (const length of lengths) {
    for (const window of windows(text, length, { separators: ' -' })) {
      const digits = asDigits(window.characters);
      if (digits === undefined || countDigits(window.characters) < length - 3) continue;
      if (!isIssued(digits) || !luhnValid(digits)) continue;
      if (found.some((other) => window.start < other.end && other.start < window.end)) continue;
      found.push(matchAt(text, 'card', window.start, window.end, 'check-digit'));
    }
  }
  return found;
}

function isIssued(digits: string): boolean {
  return issuers.some(([first, last, allowed]) => {
    const lead = digits.slice(0, first.length);
    return allowed.includes(digits.length) && lead >= first && lead <= last;
  });
}
