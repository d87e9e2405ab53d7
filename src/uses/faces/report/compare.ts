/** A place where a report does not say what its data give. */
export interface Difference {
  /** `groups.2.fmr.errors` */
  readonly path: string;
  readonly reported: string;
  readonly recomputed: string;
}

/** Machines may differ in the last digits of a logarithm, never in a count. */
const RELATIVE = 1e-9;

/** All differences between two plain values. */
export function differences(reported: unknown, recomputed: unknown, path = ''): Difference[] {
  if (
    typeof reported === 'object' &&
    reported !== null &&
    typeof recomputed === 'object' &&
    recomputed !== null
  ) {
    const [a, b] = [new Map(Object.entries(reported)), new Map(Object.entries(recomputed))];
    const keys = [...new Set([...a.keys(), ...b.keys()])];
    return keys.flatMap((key) => differences(a.get(key), b.get(key), path === '' ? key : `${path}.${key}`));
  }
  if (Object.is(reported, recomputed) || isNear(reported, recomputed)) return [];
  return [{ path, reported: shown(reported), recomputed: shown(recomputed) }];
}

function isNear(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  if (Number.isInteger(a) || Number.isInteger(b)) return a === b;
  return Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b));
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
