import type { ReactNode } from 'react';
import { showDuration } from '../../../../web/kit/format.ts';
import { useNames } from '../../../../web/kit/me.ts';
import { t } from '../../../../web/text/en.ts';
import { asText, type Camera, type Incident, type Severity } from './site.ts';

const shapes: Readonly<Record<Severity, string>> = { high: '▲', medium: '◆', low: '●' };

/** Severity by shape and word, not by colour alone. */
export function SeveritySign({ severity }: { readonly severity: Severity }): ReactNode {
  return (
    <span className={`ww-severity ww-severity--${severity}`}>
      <span aria-hidden="true">{shapes[severity]}</span> {t.watch.severity[severity]}
    </span>
  );
}

/** How long nobody has acknowledged it, or who did. Not read out while it runs. */
export function AckClock({
  incident,
  now,
}: {
  readonly incident: Incident;
  readonly now: number;
}): ReactNode {
  const nameOf = useNames();
  const { acknowledgedBy, dueAt, state } = incident;
  if (acknowledgedBy !== null)
    return <span className="ww-clock">{t.watch.alerts.takenBy(nameOf(acknowledgedBy))}</span>;
  if (state === 'dismissed' || state === 'closed' || state === 'confirmed') return null;
  const left = (Date.parse(dueAt) - now) / 1000;
  return left > 0 ? (
    <span className="ww-clock">{t.watch.alerts.due(showDuration(Math.ceil(left)))}</span>
  ) : (
    <strong className="ww-clock ww-clock--over">
      {t.watch.alerts.overdue(showDuration(Math.floor(-left)))}
    </strong>
  );
}

/** How a camera does, in words. */
export function cameraState({ state, why }: Pick<Camera, 'state' | 'why'>): string {
  const reason = asText(why);
  const words = t.watch.camera.states[state];
  return reason === undefined || reason === state || reason === 'good'
    ? words
    : `${words}: ${t.watch.camera.why[reason] ?? reason}`;
}

/** Why an alert was shown to nobody. */
export function suppressedText(why: string | undefined): string {
  return t.watch.suppressed[why ?? ''] ?? why ?? '';
}
