import { asDigits } from './glyphs.ts';
import { mrzCharacters, mrzFieldValid } from './mrz-characters.ts';

export type MrzFormat = 'TD1' | 'TD2' | 'TD3' | 'MRV-A' | 'MRV-B';

export interface MrzCheck {
  readonly format: MrzFormat;
  /** Fields whose check digit does not agree: `number`, `birth`, `expiry`, `personal`, `composite`. */
  readonly failed: readonly string[];
}

/** Spans of characters, `[line, from, to]`, that one check digit covers, and where it stands. */
interface CheckedField {
  readonly name: string;
  readonly spans: readonly (readonly [line: number, from: number, to: number])[];
  readonly check: readonly [line: number, at: number];
  readonly numeric?: true;
}

const number: CheckedField = { name: 'number', spans: [[1, 0, 9]], check: [1, 9] };
const birth: CheckedField = { name: 'birth', spans: [[1, 13, 19]], check: [1, 19], numeric: true };
const expiry: CheckedField = { name: 'expiry', spans: [[1, 21, 27]], check: [1, 27], numeric: true };

/** Check digits by format: ICAO Doc 9303 part 4 (TD3), 5 (TD1), 6 (TD2), 7 (visas, which have no composite). */
const fieldsOf: Readonly<Record<MrzFormat, readonly CheckedField[]>> = {
  TD3: [
    number,
    birth,
    expiry,
    { name: 'personal', spans: [[1, 28, 42]], check: [1, 42] },
    {
      name: 'composite',
      spans: [
        [1, 0, 10],
        [1, 13, 20],
        [1, 21, 43],
      ],
      check: [1, 43],
    },
  ],
  TD2: [
    number,
    birth,
    expiry,
    {
      name: 'composite',
      spans: [
        [1, 0, 10],
        [1, 13, 20],
        [1, 21, 35],
      ],
      check: [1, 35],
    },
  ],
  'MRV-A': [number, birth, expiry],
  'MRV-B': [number, birth, expiry],
  TD1: [
    { name: 'number', spans: [[0, 5, 14]], check: [0, 14] },
    { name: 'birth', spans: [[1, 0, 6]], check: [1, 6], numeric: true },
    { name: 'expiry', spans: [[1, 8, 14]], check: [1, 14], numeric: true },
    {
      name: 'composite',
      spans: [
        [0, 5, 30],
        [1, 0, 7],
        [1, 8, 15],
        [1, 18, 29],
      ],
      check: [1, 29],
    },
  ],
};

/**
 * Checks the two or three whole lines of a machine readable zone against each other. Undefined when their lengths are
 * those of no format. In numeric fields misread letters are taken as the digits they resemble.
 */
export function checkMrz(lines: readonly string[]): MrzCheck | undefined {
  const rows = lines.map((line) => mrzCharacters(line).characters);
  const format = formatOf(rows);
  if (format === undefined) return undefined;
  const failed = fieldsOf[format].filter((field) => !agrees(field, rows)).map((field) => field.name);
  return { format, failed };
}

function formatOf(rows: readonly string[]): MrzFormat | undefined {
  const lengths = rows.map((row) => row.length).join(' ');
  const visa = rows[0]?.startsWith('V') ?? false;
  if (lengths === '44 44') return visa ? 'MRV-A' : 'TD3';
  if (lengths === '36 36') return visa ? 'MRV-B' : 'TD2';
  return lengths === '30 30 30' ? 'TD1' : undefined;
}

function agrees(field: CheckedField, rows: readonly string[]): boolean {
  const characters = field.spans.map(([row, from, to]) => rows[row]!.slice(from, to)).join('');
  const covered = field.numeric === true ? (asDigits(characters) ?? characters) : characters;
  return mrzFieldValid(covered, rows[field.check[0]]![field.check[1]]!);
}
