import type { ReactNode } from 'react';
import { t } from '../text/en.ts';
import { showDay, showDuration } from './format.ts';

const SOON_MS = 3 * 86_400_000;

/** How long there is until something is due: in words, and in a colour that only repeats them. */
export function Deadline({
  dueAt,
  closed = false,
}: {
  readonly dueAt: string | null;
  readonly closed?: boolean;
}): ReactNode {
  if (dueAt === null) return <span className="tw-quiet">{t.deadline.none}</span>;
  const left = Date.parse(dueAt) - Date.now();
  const state = closed ? 'closed' : left < 0 ? 'over' : left < SOON_MS ? 'soon' : 'calm';
  const words = closed
    ? t.deadline.was
    : left < 0
      ? t.deadline.over(showDuration(-left / 1000))
      : t.deadline.left(showDuration(left / 1000));
  return (
    <span className={`tw-deadline tw-deadline--${state}`}>
      {words} <span className="tw-quiet">({showDay(dueAt)})</span>
    </span>
  );
}
