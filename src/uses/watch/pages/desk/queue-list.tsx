import type { ReactNode } from 'react';
import { t } from '../../../../../web/text/en.ts';
import { useNow } from '../clock.ts';
import { AckClock, SeveritySign } from '../signs.tsx';
import { nameOfCamera, type Camera, type Incident } from '../site.ts';
import { useSecond } from '../zone.ts';

/** Incidents, one below the other, with the clock of each. */
export function QueueList({
  incidents,
  cameras,
  current,
  onChoose,
}: {
  readonly incidents: readonly Incident[];
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly current: string | undefined;
  readonly onChoose: (index: number) => void;
}): ReactNode {
  const showSecond = useSecond();
  const now = useNow();
  return (
    <ol className="tw-queue ww-queue" aria-label={t.watch.alerts.queue}>
      {incidents.map((incident, index) => (
        <li key={incident.id}>
          <button
            type="button"
            data-incident={incident.id}
            aria-current={incident.id === current}
            onClick={() => onChoose(index)}
          >
            <span className="ww-queue__head">
              <SeveritySign severity={incident.severity} />
              <strong>{nameOfCamera(cameras, incident.camera)}</strong>
              <span>{t.watch.states[incident.state]}</span>
              {incident.test && <span className="ww-mark">{t.watch.test}</span>}
            </span>
            <span className="ww-queue__foot">
              <span>
                {showSecond(incident.startedAt)} · {incident.rules.join(', ')}
              </span>
              <AckClock incident={incident} now={now} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
