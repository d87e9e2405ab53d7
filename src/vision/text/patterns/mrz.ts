import { asDigits, asLetter } from './glyphs.ts';
import { matchAt, type Certainty, type SensitiveMatch } from './match.ts';
import { mrzCharacters, mrzFieldValid, type MrzCharacters } from './mrz-characters.ts';

/** Shortest name line that counts: recognisers shorten runs of fillers, so a line of 44 may come out as 25. */
const MIN_NAME_LINE = 16;

/**
 * One line of a machine readable zone (ICAO Doc 9303 parts 4 to 7): TD1 cards, TD2 and TD3 documents, visas of both
 * sizes. The match is the whole line.
 *
 * The second lines are known by their dates, sex and check digits wherever these stand in the line: two agreeing check
 * digits give `check-digit`, plausible dates and sex alone `format`. Lines of names have no check digits; fillers
 * give them away. Of 20,000 random strings of 30 capitals and digits 0.4 % match (as first lines of TD1), of 44 none.
 */
export function findMrz(text: string): SensitiveMatch[] {
  const line = mrzCharacters(text);
  if (line.characters.length < MIN_NAME_LINE) return [];
  const certainty = dataLine(line) ?? cardFirstLine(line) ?? nameLine(line);
  if (certainty === undefined) return [];
  return [matchAt(text, 'mrz', line.at[0]!, line.at.at(-1)! + 1, certainty)];
}

function dataLine({ characters }: MrzCharacters): Certainty | undefined {
  let best: Certainty | undefined;
  for (let start = 0; start < characters.length; start++) {
    const certainty =
      documentCore(characters.slice(start, start + 28)) ?? cardCore(characters.slice(start, start + 18));
    if (certainty === 'check-digit') return certainty;
    best ??= certainty;
  }
  return best;
}

/** Number, nationality, birth, sex, expiry: the first 28 characters of the second line of all but TD1. */
function documentCore(core: string): Certainty | undefined {
  if (core.length < 28 || !isState(core.slice(10, 13)) || !isSex(core[20]!)) return undefined;
  const birth = date(core.slice(13, 19));
  const expiry = date(core.slice(21, 27));
  if (birth === undefined || expiry === undefined || !/\d/.test(birth + expiry)) return undefined;
  const agreeing = [
    mrzFieldValid(core.slice(0, 9), core[9]!),
    mrzFieldValid(birth, core[19]!),
    mrzFieldValid(expiry, core[27]!),
  ].filter((valid) => valid).length;
  return agreeing >= 2 ? 'check-digit' : 'format';
}

/** Birth, sex, expiry, nationality: the first 18 characters of the second line of TD1. */
function cardCore(core: string): Certainty | undefined {
  if (core.length < 18 || !isState(core.slice(15, 18)) || !isSex(core[7]!)) return undefined;
  const birth = date(core.slice(0, 6));
  const expiry = date(core.slice(8, 14));
  if (birth === undefined || expiry === undefined || !/\d/.test(birth + expiry)) return undefined;
  const valid = mrzFieldValid(birth, core[6]!) && mrzFieldValid(expiry, core[14]!);
  return valid ? 'check-digit' : 'format';
}

/** Document code, state, number and its check digit: the first line of TD1. */
function cardFirstLine({ characters, foreign }: MrzCharacters): Certainty | undefined {
  const likely = foreign <= 1 && characters.length >= 26 && characters.length <= 32;
  if (!likely || !/^[ACI1][A-Z0-9<](?:[A-Z<]{2}|[A-Z<].[A-Z<]|.[A-Z<]{2})/.test(characters)) return undefined;
  if (!/[0-9<]/.test(characters.slice(5, 14))) return undefined;
  return mrzFieldValid(characters.slice(5, 14), characters[14]!) ? 'check-digit' : undefined;
}

function nameLine({ characters, foreign }: MrzCharacters): Certainty | undefined {
  const count = characters.split('<').length - 1;
  return foreign <= 2 && count >= 3 && /[A-Z]<+[A-Z]/.test(characters) ? 'format' : undefined;
}

/** A state code: three letters, or one letter and fillers (Germany is D). */
function isState(code: string): boolean {
  return (
    /[A-Z]/.test(code) &&
    [...code].every((character) => character === '<' || asLetter(character) !== undefined)
  );
}

function isSex(character: string): boolean {
  return 'MFX<'.includes(character);
}

/** YYMMDD as digits, or undefined; parts that are not known are fillers (part 3, 4.8). */
function date(characters: string): string | undefined {
  if (/^[0-9<]*<[0-9<]*$/.test(characters))
    return /^(?:\d\d|<<){3}$/.test(characters) ? characters : undefined;
  const digits = asDigits(characters);
  if (digits === undefined) return undefined;
  const month = Number(digits.slice(2, 4));
  const day = Number(digits.slice(4, 6));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? digits : undefined;
}
