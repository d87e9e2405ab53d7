import { asDigits, countDigits, windows } from './glyphs.ts';
import { matchAt, type SensitiveMatch } from './match.ts';

/** The eighth digit of an air waybill's serial number: the first seven modulo 7 (IATA Resolution 600a). */
export function waybillCheckDigit(serial: string): number {
  return Number(serial.slice(0, 7)) % 7;
}

/**
 * Air waybill numbers: airline prefix of three digits, then eight digits of which the last checks the seven before.
 * The prefix must stand apart (a dash or a space), or the letters AWB before it, because eleven digits in a row pass
 * the check in one case of ten (10.1 % of 20,000).
 */
export function findAirWaybills(text: string): SensitiveMatch[] {
  const found: SensitiveMatch[] = [];
  for (const window of windows(text, 11, { separators: ' -' })) {
    const digits = asDigits(window.characters);
    if (digits === undefined || countDigits(window.characters) < 9 || digits.startsWith('000')) continue;
    const apart = window.at[3]! > window.at[2]! + 1;
    const labelled = /AWB[^A-Za-z0-9]{0,3}(?:N[O0o][.:]?)?[^A-Za-z0-9]{0,3}$/i.test(
      text.slice(0, window.start),
    );
    if (!apart && !labelled) continue;
    if (breaksInside(window.at, 0, 3) || breaksInside(window.at, 3, 7) || breaksInside(window.at, 7, 11))
      continue;
    if (waybillCheckDigit(digits.slice(3)) !== Number(digits[10])) continue;
    found.push(matchAt(text, 'air-waybill', window.start, window.end, 'check-digit'));
  }
  return found;
}

function breaksInside(at: readonly number[], from: number, to: number): boolean {
  return at[to - 1]! - at[from]! !== to - 1 - from;
}
