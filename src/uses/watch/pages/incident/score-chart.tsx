import type { ReactNode } from 'react';
import { t } from '../../../../../web/text/en.ts';

const [WIDTH, HEIGHT] = [120, 32];
const two = new Intl.NumberFormat(t.locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Scores as a line from 0 to 1, and in words beside it. */
export function ScoreChart({ scores }: { readonly scores: readonly number[] }): ReactNode {
  const sorted = [...scores].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 1
      ? (sorted[Math.floor(middle)] ?? 0)
      : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  const step = WIDTH / Math.max(1, scores.length - 1);
  const points = scores.map((score, index) => `${index * step},${HEIGHT - score * HEIGHT}`).join(' ');
  return (
    <>
      <svg className="ww-scores" viewBox={`-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`} aria-hidden="true">
        <rect width={WIDTH} height={HEIGHT} />
        <polyline points={scores.length === 1 ? `${points} ${WIDTH},${HEIGHT - median * HEIGHT}` : points} />
      </svg>
      <span className="tw-quiet tw-block">
        {t.watch.incident.scoresOf(
          scores.length,
          two.format(median),
          two.format(sorted[0] ?? 0),
          two.format(sorted.at(-1) ?? 0),
        )}
      </span>
    </>
  );
}
