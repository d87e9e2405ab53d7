import { siteJsonSchema } from './schema.ts';

type Path = readonly (string | number)[];
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** As many letters wrong, missing or swapped as still look like a slip of the finger. */
const SLIPS = 2;

/**
 * What to say of a key that the site file does not know.
 * @param path of what holds the key. @param missing keys that must stand there and do not.
 */
export function unknownKeyText(path: Path, key: string, missing: readonly string[]): string {
  const known = keysAt(siteJsonSchema() as Schema, path);
  const near = (names: readonly string[]): string | undefined =>
    names
      .map((name) => [name, slipsBetween(key, name)] as const)
      .filter(([, slips]) => slips <= SLIPS)
      .toSorted(([, a], [, b]) => a - b)[0]?.[0];
  const meant = near(missing) ?? missing[0] ?? near(known);
  return meant === undefined
    ? `there is no such key; here may stand ${known.join(', ')}`
    : `there is no such key; ${meant} is what it is called, if that was meant`;
}

function keysAt(schema: Schema, path: Path): readonly string[] {
  const kinds = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const [part, ...rest] = path;
  const found = kinds.flatMap((kind) => {
    if (part === undefined) return Object.keys(kind.properties ?? {});
    const inner = typeof part === 'number' ? kind.items : kind.properties?.[part];
    return inner === undefined ? [] : keysAt(inner, rest);
  });
  return [...new Set(found)];
}

/** Letters to change, add or take away (Levenshtein 1966), with two swapped ones as one (Damerau 1964). */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const ways = [rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + other];
      row.push(Math.min(...ways, swapped ? rows[i - 2]![j - 2]! + 1 : Infinity));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
