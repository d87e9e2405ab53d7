/** An alert as far as it takes to find it again. */
export interface ToldAlert {
  readonly camera: string;
  readonly rule: string;
  /** Of which process, and the track within it. */
  readonly run: string;
  readonly track: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Pairing<Before extends ToldAlert, After extends ToldAlert> {
  readonly same: readonly { readonly before: Before; readonly after: After }[];
  readonly gone: readonly Before[];
  readonly fresh: readonly After[];
}

/** How far alerts may lie apart that are the same: of one track (a zone that moved is entered later), and of others. */
const ofOneTrackMs = 60_000;
const ofOthersMs = 2000;

/**
 * Pairs alerts one to one: of the same camera and rule, first those of one track, then those at the same time; nearest
 * in time first.
 */
export function pair<Before extends ToldAlert, After extends ToldAlert>(
  before: readonly Before[],
  after: readonly After[],
): Pairing<Before, After> {
  const partner = new Map<Before, After>();
  const taken = new Set<After>();
  const places = Map.groupBy(after, ({ camera, rule }) => `${camera} ${rule}`);
  const pass = (tolerance: number, fits: (a: Before, b: After) => boolean): void => {
    const pairs = before.flatMap((a) =>
      partner.has(a)
        ? []
        : (places.get(`${a.camera} ${a.rule}`) ?? [])
            .filter((b) => !taken.has(b) && Math.abs(a.at - b.at) <= tolerance && fits(a, b))
            .map((b) => ({ a, b, apart: Math.abs(a.at - b.at) })),
    );
    for (const { a, b } of pairs.sort((one, other) => one.apart - other.apart)) {
      if (partner.has(a) || taken.has(b)) continue;
      partner.set(a, b);
      taken.add(b);
    }
  };
  pass(ofOneTrackMs, (a, b) => a.run === b.run && a.track === b.track);
  pass(ofOthersMs, () => true);
  return {
    same: [...partner].map(([a, b]) => ({ before: a, after: b })),
    gone: before.filter((a) => !partner.has(a)),
    fresh: after.filter((b) => !taken.has(b)),
  };
}
