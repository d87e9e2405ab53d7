import { useState } from 'react';
import { useApi } from '../../../../../web/kit/api.ts';
import type { Region } from '../../plan.ts';
import { words } from '../words.ts';
import type { Studio } from './use-studio.ts';

/** Tracks that may show the same person or thing, stepped through from one of them. */
export interface Similarity {
  /** The track that the others are compared with: the chosen one, or the one from which was stepped here. */
  readonly to: Region | undefined;
  /** The likeliest first. */
  readonly items: readonly { readonly other: Region; readonly score: number; readonly says: string }[];
  /** Goes to the next of them, and after the last back to where it began. */
  next(): void;
  go(region: Region): void;
}

const MOST = 5;

export function useSimilar(studio: Studio): Similarity {
  const { selected, plan, set } = studio;
  // Stepping to a proposal chooses it, and must not start a list of its own.
  const [trail, setTrail] = useState<{ readonly from: string; readonly at: string }>();
  const from = trail !== undefined && trail.at === selected?.id ? trail.from : selected?.id;
  const to = plan.regions.find(({ id }) => id === from);
  const { data } = useApi(
    'listSimilarRegions',
    { params: { id: studio.now.review.id, region: from ?? '' }, query: { limit: MOST } },
    { enabled: to?.origin === 'model' && studio.clock.count > 1 },
  );
  const items = (data?.items ?? []).flatMap(({ region, score, says }) => {
    const other = plan.regions.find(({ id }) => id === region);
    return other === undefined || to?.origin !== 'model' ? [] : [{ other, score, says }];
  });
  const go = (region: Region): void => {
    if (to !== undefined) setTrail({ from: to.id, at: region.id });
    set.select(region.id);
    set.seek(region.start);
  };
  return {
    ...{ to, items, go },
    next: () => {
      if (to === undefined) return set.message(words.track.ownOnly);
      const at = items.findIndex(({ other }) => other.id === selected?.id);
      const next = items[at + 1];
      if (items.length === 0) return set.message(words.similar.none(to.id));
      go(next?.other ?? to);
      set.message(
        next === undefined
          ? words.similar.back(to.id)
          : words.similar.here(next.other.id, to.id, at + 2, items.length, next.says),
      );
    },
  };
}
