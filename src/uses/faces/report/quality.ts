import type { Comparisons } from '../../../stats/biometric/comparisons.ts';
import type { QualityColumn } from '../read/score-file.ts';
import { NOT_ASSESSED } from '../read/quality.ts';
import { estimate } from './estimates.ts';
import type { FaceTestClaims } from '../../../governance/faces/schema.ts';

/** Bands of quality: four of equal width. */
const BAND = 25;
const BANDS = 4;

/** Error rates by how good the capture was: whether a camera, rather than the matcher, is what fails people. */
export function qualityReport(
  columns: readonly QualityColumn[],
  { scores, mated }: Comparisons,
  threshold: number,
): FaceTestClaims['quality'] {
  return columns.map(({ component, values }) => {
    const errors = [new Float64Array(BANDS), new Float64Array(BANDS)] as const;
    const all = [new Float64Array(BANDS), new Float64Array(BANDS)] as const;
    let notAssessed = 0;
    for (let row = 0; row < scores.length; row++) {
      const value = values[row]!;
      if (value === NOT_ASSESSED) {
        notAssessed += 1;
        continue;
      }
      const band = Math.min(BANDS - 1, Math.floor(value / BAND));
      const kind = mated[row] === 1 ? 1 : 0;
      all[kind][band]! += 1;
      if (scores[row]! >= threshold !== (kind === 1)) errors[kind][band]! += 1;
    }
    const bands = Array.from({ length: BANDS }, (_, band) => ({
      from: band * BAND,
      to: band === BANDS - 1 ? 100 : (band + 1) * BAND - 1,
      fmr: estimate(errors[0][band]!, all[0][band]!),
      fnmr: estimate(errors[1][band]!, all[1][band]!),
    }));
    return { component, bands, notAssessed };
  });
}
