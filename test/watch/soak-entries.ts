/** A time in which a camera saw well, and when it told of entries. Milliseconds. */
export interface Watched {
  readonly from: number;
  readonly until: number;
  readonly alerts: readonly number[];
}

/** Alerts come a moment sooner or later than a loop before. */
const jitterMs = 4000;

/**
 * Entries that a camera should have told, when somebody comes in once in each loop: one within every `period`, but in the
 * first after it began to see, in which it learns the scene. @param period milliseconds.
 */
export function entriesOf(
  { from, until, alerts }: Watched,
  period: number,
): { readonly told: number; readonly missed: number } {
  const learned = from + period;
  const within = alerts.filter((at) => at >= learned && at <= until).toSorted((a, b) => a - b);
  const marks = [learned, ...within, until];
  let missed = 0;
  for (const [index, mark] of marks.slice(1).entries()) {
    const whole = Math.floor((mark - marks[index]! - jitterMs) / period);
    missed += Math.max(0, whole);
  }
  return { told: within.length, missed };
}

/** Times that follow each other without a gap, as one. */
export function joined(spans: readonly (readonly [from: number, until: number])[]): [number, number][] {
  const result: [number, number][] = [];
  for (const [from, until] of spans.toSorted(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], until);
    else result.push([from, until]);
  }
  return result;
}
