/** What a TD3 machine-readable zone is made from. Dates are YYMMDD; names A-Z; the number has at most 9 characters. */
export interface TravelDocument {
  readonly surname: string;
  readonly given: string;
  readonly number: string;
  readonly born: string;
  readonly expires: string;
}

/** The two lines of 44 characters of a specimen passport of Utopia, with check digits (ICAO 9303-4, 4.2). */
export function travelDocumentMrz(document: TravelDocument): readonly [string, string] {
  const names = `P<UTO${document.surname}<<${document.given}`.padEnd(44, '<');
  const number = withDigit(document.number.padEnd(9, '<'));
  const born = withDigit(document.born);
  const expires = withDigit(document.expires);
  const optional = withDigit('<'.repeat(14));
  const composite = mrzCheckDigit(number + born + expires + optional);
  return [names, `${number}UTO${born}<${expires}${optional}${composite}`];
}

function withDigit(field: string): string {
  return `${field}${mrzCheckDigit(field)}`;
}

/** Modulus 10 with weights 7, 3, 1; A..Z count 10..35 and the filler 0 (ICAO 9303-3, 4.9). */
export function mrzCheckDigit(field: string): number {
  let sum = 0;
  for (const [index, sign] of [...field].entries()) {
    const value = sign === '<' ? 0 : Number.parseInt(sign, 36);
    sum += value * [7, 3, 1][index % 3]!;
  }
  return sum % 10;
}

/**
 * Check digit of a container number: the first ten characters weighted by powers of two, modulus 11, then 10; letters
 * count from 10 on and skip the multiples of 11 (ISO 6346:2022, annex A).
 */
export function containerCheckDigit(prefix: string): number {
  let sum = 0;
  for (const [index, sign] of [...prefix].entries()) {
    const raw = Number.parseInt(sign, 36);
    const value = raw < 10 ? raw : raw + Math.floor((raw - 1) / 10);
    sum += value * 2 ** index;
  }
  return (sum % 11) % 10;
}
