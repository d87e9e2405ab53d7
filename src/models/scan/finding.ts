/** What a look into a model file found: an `error` keeps the file out, a `warning` is worth a look. */
export interface ScanFinding {
  readonly level: 'error' | 'warning';
  /** As in docs/model-entry.md. */
  readonly rule: string;
  readonly message: string;
}

/** Kinds of findings that are named one by one; further ones of the same rule are only counted. */
const NAMED = 5;

/** Gathers findings, so that a file with a million faults fills no memory. */
export class ScanFindings {
  readonly #found: ScanFinding[] = [];
  readonly #counts = new Map<string, number>();

  add(level: ScanFinding['level'], rule: string, message: string): void {
    const count = (this.#counts.get(rule) ?? 0) + 1;
    this.#counts.set(rule, count);
    if (count <= NAMED) this.#found.push({ level, rule, message });
  }

  list(): ScanFinding[] {
    const more = [...this.#counts].filter(([, count]) => count > NAMED);
    return [
      ...this.#found,
      ...more.map(([rule, count]) => ({
        level: 'warning' as const,
        rule,
        message: `and ${count - NAMED} more of this kind`,
      })),
    ];
  }
}

/** A text of a stranger as it may be shown: one line, no control characters, not long. */
export function shown(text: string): string {
  const clean = text.replaceAll(/[^\P{C}]/gu, '?');
  return clean.length > 80 ? `${clean.slice(0, 80)}...` : clean;
}
