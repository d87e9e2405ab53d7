/** What a check found: an `error` breaks a rule, a `warning` should be mended, a `notice` is worth knowing. */
export interface Finding {
  readonly level: 'error' | 'warning' | 'notice';
  /** Name of the rule, as in docs/inventory.md and docs/charters.md. */
  readonly rule: string;
  /** What it is about: a column of an inventory, a place in a charter such as `inputs.plate_number`. */
  readonly field: string;
  readonly message: string;
  /** One sentence in the imperative. */
  readonly remedy: string;
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === 'error');
}
