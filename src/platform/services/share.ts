/** A service that nobody runs. */
export interface Waiting {
  readonly id: string;
  readonly kind: string;
  readonly siteId: string;
  /** Who ran it last, if its lease was lost. */
  readonly lostBy: string | null;
}

/** A runner that is alive, with what it runs. */
export interface RunnerLoad {
  readonly id: string;
  readonly capacity: number;
  /** Most of each kind: under its name, or under `kind@site` for one site, which goes before. What is not named is not taken. */
  readonly kinds: Readonly<Record<string, number>>;
  /** How many of each kind it runs. */
  readonly load: Readonly<Record<string, number>>;
}

/**
 * Deals waiting services out, each to the runner that is least loaded for its capacity. All runners reckon alike, so each
 * takes its own share and leaves the others theirs. Whoever lost a service is asked last: it may not be rid of it yet.
 * @returns ids of those that are for `me`.
 */
export function shareOf(me: string, waiting: readonly Waiting[], runners: readonly RunnerLoad[]): string[] {
  const loads = runners
    .map((runner) => ({
      runner,
      load: new Map(Object.entries(runner.load)),
      total: Object.values(runner.load).reduce((sum, n) => sum + n, 0),
    }))
    .sort((a, b) => (a.runner.id < b.runner.id ? -1 : 1));
  const mine: string[] = [];
  for (const { id, kind, siteId, lostBy } of waiting) {
    const able = loads.filter(
      ({ runner: { capacity, kinds }, load, total }) =>
        total < capacity && (load.get(kind) ?? 0) < (kinds[`${kind}@${siteId}`] ?? kinds[kind] ?? 0),
    );
    const others = able.filter(({ runner }) => runner.id !== lostBy);
    const [first, ...rest] = others.length > 0 ? others : able;
    if (first === undefined) continue;
    const chosen = rest.reduce(
      (least, one) => (one.total / one.runner.capacity < least.total / least.runner.capacity ? one : least),
      first,
    );
    chosen.total += 1;
    chosen.load.set(kind, (chosen.load.get(kind) ?? 0) + 1);
    if (chosen.runner.id === me) mine.push(id);
  }
  return mine;
}
