import { useEffect, useMemo, useState } from 'react';
import type { ReviewBase } from '../../review/base.ts';
import { doubtSpots, judged, type ReviewDoubt } from '../../review/doubts.ts';
import type { ReviewState } from '../../review/state.ts';

/** Spots are looked for when nothing was changed for so long: it takes longer than a key may. */
const REST_MS = 150;

/** Doubts of a review: verdicts count at once, and spots that edits made or mended are found a moment later. */
export function useDoubts(base: ReviewBase, state: ReviewState): readonly ReviewDoubt[] {
  const [found, setFound] = useState(() => ({ state, spots: doubtSpots(base, state) }));
  useEffect(() => {
    if (isSame(found.state, state)) return undefined;
    const timer = setTimeout(() => setFound({ state, spots: doubtSpots(base, state) }), REST_MS);
    return () => clearTimeout(timer);
  }, [base, state, found]);
  return useMemo(() => judged(found.spots, state), [found.spots, state]);
}

/** Whether two states cover the same. Their values are never changed in place. */
function isSame(a: ReviewState, b: ReviewState): boolean {
  return hasSame(a.parts, b.parts) && hasSame(a.classes, b.classes);
}

function hasSame<Value>(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}
