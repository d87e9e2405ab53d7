/** What makes an answer required; each layout says when it holds for a row. */
export type Need =
  | 'always'
  | 'initiated'
  | 'acquired'
  | 'implemented'
  | 'retired'
  | 'extension'
  | 'impacting'
  | 'rights-impacting'
  | 'active'
  | 'in-use'
  | 'high-impact-in-use';

/** A column of a federal inventory, from the data dictionary of its year. */
export interface Column {
  /** As this program calls it: the name of the 2025 file, a short one for 2024. */
  readonly key: string;
  /** The headings under which it is found; white space and case do not matter. */
  readonly headers: readonly string[];
  readonly need?: Need;
  /** Required only when another column's answer begins with one of these. */
  readonly after?: { readonly key: string; readonly answers: readonly string[] };
  /** The answers that the dictionary allows, in the words of the published file. */
  readonly choices?: readonly string[];
  /** Other words for an answer, from the dictionary or seen in published files, and what they are read as. */
  readonly variants?: Readonly<Record<string, string>>;
  readonly kind?: 'date' | 'list' | 'email' | 'id';
}

/** One kind of file. */
export interface Layout {
  readonly name: '2023' | '2024' | '2025' | '2025-cots';
  readonly title: string;
  readonly columns: readonly Column[];
  /** Columns by meaning; absent where the year did not ask. */
  readonly id?: string;
  readonly agency: string;
  readonly stage?: string;
  readonly retired?: string;
  /** Whether a need holds, given the answers of the row. */
  readonly needs: (need: Need, answer: (key: string) => string) => boolean;
}

/** Headings are compared without what editors change in them. */
export function plainHeader(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().toLowerCase().replaceAll('’', "'");
}
