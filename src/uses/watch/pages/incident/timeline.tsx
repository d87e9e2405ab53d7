import { useContext, useMemo, type ReactNode } from 'react';
import { useApi } from '../../../../../web/kit/api.ts';
import { Go } from '../../../../../web/kit/go.tsx';
import { Section } from '../../../../../web/kit/page.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { suppressedText } from '../signs.tsx';
import { asText, nameOfCamera, type Camera, type Incident } from '../site.ts';
import { SiteZone, useMoment } from '../zone.ts';
import './incident.css';

const words = t.watch.incident;
/** Before the first and after the last alert. */
const AROUND_MS = 15 * 60_000;

/** What all cameras of the site told around an incident, a lane for each, and as a list. */
export function Timeline({
  incident,
  cameras,
}: {
  readonly incident: Incident;
  readonly cameras: ReadonlyMap<string, Camera>;
}): ReactNode {
  const showMoment = useMoment();
  const timeZone = useContext(SiteZone);
  const clock = new Intl.DateTimeFormat(t.locale, { timeStyle: 'medium', timeZone });
  const { site, startedAt, lastAlertAt } = incident;
  const [from, to] = useMemo(
    () => [
      new Date(Date.parse(startedAt) - AROUND_MS).toISOString(),
      new Date(Date.parse(lastAlertAt) + AROUND_MS).toISOString(),
    ],
    [startedAt, lastAlertAt],
  );
  const { data } = useApi('listAlerts', { query: { site, from, to, limit: 200 } });
  const alerts = [...(data?.items ?? [])].sort((a, b) => a.at.localeCompare(b.at));
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const share = (at: string): string => `${(100 * (Date.parse(at) - start)) / (end - start)}%`;
  return (
    <Section title={words.timeline}>
      <p className="tw-quiet">{words.timelineLead(showMoment(from), showMoment(to))}</p>
      <ul className="ww-lanes">
        {[...cameras.values()].map(({ id, name }) => {
          const own = alerts.filter(({ camera }) => camera === id);
          return (
            <li key={id}>
              <span className="ww-lanes__name">{words.lane(name, own.length)}</span>
              <span className="ww-lanes__lane" aria-hidden="true">
                <svg viewBox="0 0 100 10" preserveAspectRatio="none">
                  {own.map((alert) => (
                    <rect
                      key={alert.id}
                      className={alert.incident === incident.id ? 'ww-tick ww-tick--here' : 'ww-tick'}
                      x={share(alert.at)}
                      width="0.6"
                      y={alert.incident === incident.id ? 0 : 3}
                      height={alert.incident === incident.id ? 10 : 7}
                    />
                  ))}
                </svg>
              </span>
            </li>
          );
        })}
      </ul>
      <Table
        caption={words.timeline}
        rows={alerts}
        id={({ id }) => id}
        columns={[
          { title: t.watch.alerts.at, show: ({ at }) => clock.format(new Date(at)), by: ({ at }) => at },
          { title: t.watch.coverage.camera, show: ({ camera }) => nameOfCamera(cameras, camera) },
          { title: t.watch.alerts.rule, show: ({ rule }) => rule },
          { title: t.watch.alerts.what, show: ({ reason }) => asText(reason['text']) ?? '' },
          {
            title: t.watch.incident.column,
            show: (alert) =>
              alert.incident === incident.id ? (
                words.here
              ) : alert.incident === null ? (
                suppressedText(asText(alert.suppressed))
              ) : (
                <Go to={`/watch/incidents/${alert.incident}`}>{t.watch.open}</Go>
              ),
          },
        ]}
      />
    </Section>
  );
}
