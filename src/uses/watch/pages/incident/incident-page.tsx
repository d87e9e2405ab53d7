import { useState, type ReactNode } from 'react';
import { useApi } from '../../../../../web/kit/api.ts';
import { Button, Choice } from '../../../../../web/kit/form.tsx';
import { useIdOfPage } from '../../../../../web/kit/go.tsx';
import { useMay, useSiteNames } from '../../../../../web/kit/me.ts';
import { Facts, Section } from '../../../../../web/kit/page.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { useNow } from '../clock.ts';
import { desk, Steps } from '../desk/steps.tsx';
import { useSiteEvents, type LinkState } from '../events.ts';
import { AckClock, SeveritySign } from '../signs.tsx';
import { hasRoute, nameOfCamera, useEveryCamera } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { useSecond } from '../zone.ts';
import { AlertPicture } from './alert-picture.tsx';
import { Assign } from './assign.tsx';
import { ReasonCard } from './reason-card.tsx';
import { AskReason, unmasked } from './reveal.tsx';
import { Similar } from './similar.tsx';
import { Story } from './story.tsx';
import { Timeline } from './timeline.tsx';
import './incident.css';

const words = t.watch.incident;
const hasEvidence = hasRoute('/watch/incidents/{id}/evidence');

/** One incident: why it was told, what was seen, what happened around it, and what was done. */
export function IncidentPage(): ReactNode {
  const id = useIdOfPage();
  const incident = useApi('getIncident', { params: { id } });
  const cameras = useEveryCamera(incident.data?.site);
  const [link, setLink] = useState<LinkState>('connecting');
  const title = words.title(nameOfCamera(cameras, incident.data?.camera ?? ''));
  return (
    <WatchPage title={title} link={link} {...(incident.data === undefined ? {} : { at: incident.data.site })}>
      {() =>
        incident.data === undefined ? (
          <Waiting query={incident} />
        ) : (
          <Shown incident={incident.data} cameras={cameras} onLink={setLink} />
        )
      }
    </WatchPage>
  );
}

function Shown({
  incident,
  cameras,
  onLink,
}: {
  readonly incident: NonNullable<ReturnType<typeof useApi<'getIncident'>>['data']>;
  readonly cameras: ReturnType<typeof useEveryCamera>;
  readonly onLink: (state: LinkState) => void;
}): ReactNode {
  const showSecond = useSecond();
  const { alerts, site } = incident;
  const siteOf = useSiteNames();
  const [chosen, setChosen] = useState<string>();
  const [asking, setAsking] = useState(false);
  const alert = alerts.find(({ id }) => id === chosen) ?? alerts.at(-1);
  const now = useNow();
  const may = useMay();
  // What changes about the incident is asked for anew by the events themselves.
  useSiteEvents(site, onLink, () => undefined);
  return (
    <>
      <Facts
        facts={[
          [t.watch.site, siteOf(site)],
          [words.severity, <SeveritySign key="severity" severity={incident.severity} />],
          [
            words.state,
            <span key="state">
              <span className="tw-block">{t.watch.states[incident.state]}</span>
              <AckClock incident={incident} now={now} />
              {incident.test && <span className="ww-mark">{t.watch.test}</span>}
            </span>,
          ],
          [words.started, showSecond(incident.startedAt)],
          [
            words.lastAlert,
            `${showSecond(incident.lastAlertAt)}. ${incident.over ? words.over : words.going}.`,
          ],
        ]}
      />
      <Steps
        incident={incident}
        more={
          hasEvidence &&
          !incident.test &&
          may(unmasked, site) && (
            <Button kind="outline" onClick={() => setAsking(true)}>
              {words.evidence}
            </Button>
          )
        }
      />
      {may(desk, site) && (
        <div className="ww-hands">
          <Assign incident={incident} />
        </div>
      )}
      {asking && (
        <AskReason
          onClose={() => setAsking(false)}
          onGiven={(reason) => {
            // The browser saves it as it comes: it may be large.
            location.assign(
              `/api/v1/watch/incidents/${incident.id}/evidence?reason=${encodeURIComponent(reason)}`,
            );
            setAsking(false);
            return Promise.resolve();
          }}
        />
      )}
      {alert !== undefined && (
        <div className="tw-split ww-incident">
          <Section title={words.picture}>
            {alerts.length > 1 && (
              <Choice
                label={words.alert}
                value={alert.id}
                onChange={({ currentTarget: { value } }) => setChosen(value)}
                options={alerts.map(({ id, at, rule }) => [id, words.alertOf(showSecond(at), rule)] as const)}
              />
            )}
            <AlertPicture key={alert.id} alert={alert} onKeep={() => setChosen(alert.id)} />
          </Section>
          <Section title={words.card}>
            <ReasonCard alert={alert} />
            <Similar incident={incident} />
          </Section>
        </div>
      )}
      <Timeline incident={incident} cameras={cameras} />
      <Section title={words.story}>
        <Story steps={incident.steps} />
      </Section>
    </>
  );
}
