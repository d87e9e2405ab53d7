import { useState, type ReactNode } from 'react';
import { useApi } from '../../../../../web/kit/api.ts';
import { Go } from '../../../../../web/kit/go.tsx';
import { t } from '../../../../../web/text/en.ts';
import { AlertPicture } from '../incident/alert-picture.tsx';
import { ReasonCard } from '../incident/reason-card.tsx';
import type { Incident } from '../site.ts';
import { Steps } from './steps.tsx';

/** The chosen incident in short: why it was told, and what can be done. */
export function Selected({
  incident,
  camera,
  onTaken,
}: {
  readonly incident: Incident;
  readonly camera: string;
  readonly onTaken: (after: Incident) => void;
}): ReactNode {
  const { data } = useApi('getIncident', { params: { id: incident.id } });
  const [kept, setKept] = useState<string>();
  const alert = data?.alerts.find(({ id }) => id === kept) ?? data?.alerts.at(-1);
  return (
    <section className="ww-selected" aria-label={t.watch.alerts.selected}>
      <h2>{t.watch.incident.title(camera)}</h2>
      <Steps incident={incident} onTaken={onTaken} />
      {alert !== undefined && (
        <>
          <ReasonCard alert={alert} />
          <AlertPicture key={alert.id} alert={alert} onKeep={() => setKept(alert.id)} />
        </>
      )}
      <p>
        <Go to={`/watch/incidents/${incident.id}`}>{t.watch.open}</Go> <kbd>o</kbd>
      </p>
    </section>
  );
}
