import { identificationCounts } from '../../../stats/biometric/identification.ts';
import { thresholdAtFmr } from '../../../stats/biometric/scores.ts';
import type { GroupedSearch } from '../read/searches.ts';
import { estimate } from './estimates.ts';
import type { TestPlan } from '../../../governance/faces/plan.ts';
import type { FaceTestClaims } from '../../../governance/faces/schema.ts';

type Identification = NonNullable<FaceTestClaims['identification']>;

/**
 * Searches of a gallery in both modes, which are never mixed: lights-out, where a threshold decides, and investigation,
 * where a person looks at a list whatever its scores.
 */
export function identificationReport(
  searches: readonly GroupedSearch[],
  { gallery, listLength, targetFpir }: NonNullable<TestPlan['identification']>,
): Identification {
  const names = [...new Set(searches.map(({ group }) => group))].filter((name) => name !== '').sort();
  const mode = (threshold: number): Identification['investigation'] => {
    const rates = (name: string, of: readonly GroupedSearch[]): Identification['investigation']['all'] => {
      const counts = identificationCounts(of, { threshold, listLength });
      return {
        name,
        // Without a threshold a search always returns somebody.
        fpir: threshold === -Infinity ? null : estimate(counts.falsePositives, counts.nonmated),
        fnir: estimate(counts.falseNegatives, counts.mated),
      };
    };
    return {
      threshold: threshold === -Infinity ? null : threshold,
      all: rates('all', searches),
      groups: names.map((name) =>
        rates(
          name,
          searches.filter(({ group }) => group === name),
        ),
      ),
    };
  };
  const threshold = fpirThreshold(searches, targetFpir);
  return {
    gallery,
    listLength,
    lightsOut: threshold === undefined ? null : mode(threshold),
    investigation: mode(-Infinity),
  };
}

/** The smallest score of a list's top or of a mate at which few enough searches for strangers return anybody. */
function fpirThreshold(searches: readonly GroupedSearch[], target: number): number | undefined {
  const strangers = searches.filter(({ mated }) => !mated);
  if (strangers.length === 0) return undefined;
  const found = thresholdAtFmr(
    {
      mated: Float64Array.from(searches.flatMap(({ mate }) => mate?.score ?? [])).sort(),
      nonmated: Float64Array.from(strangers, ({ topScore }) => topScore).sort(),
    },
    target,
  );
  return found !== undefined && Number.isFinite(found) ? found : undefined;
}
