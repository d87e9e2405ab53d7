import { useContext, type ReactNode } from 'react';
import { useQueries } from '@tanstack/react-query';
import { api, keyOf, type Answer } from '../../../../../web/kit/api.ts';
import { showPart } from '../../../../../web/kit/format.ts';
import { Problem } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { useCameras, type Camera } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { SiteZone } from '../zone.ts';
import { usePeriod } from './period.tsx';
import './reports.css';

const words = t.watch.coverage;
type Hour = Answer<'getCoverage'>['hours'][number];
type Sign = keyof typeof words.signs;
/** Seeing so much of what there was of an hour counts as the whole: a camera that begins anew takes some seconds. */
const WHOLE = 0.99;
const HALF = 0.5;

/** Which hours were seen, and which were only silent. */
export function CoveragePage(): ReactNode {
  const { from, to, choice } = usePeriod('24');
  return (
    <WatchPage title={words.title} lead={words.lead} actions={choice} needs="camera">
      {(site) => <Coverage site={site} from={from} to={to} />}
    </WatchPage>
  );
}

function Coverage({
  site,
  from,
  to,
}: {
  readonly site: string;
  readonly from: string;
  readonly to: string;
}): ReactNode {
  const cameras = [...useCameras(site).values()];
  const answers = useQueries({
    queries: cameras.map(({ id }) => {
      const given = { params: { id }, query: { from, to } };
      return {
        queryKey: keyOf('getCoverage', given),
        queryFn: async () => (await api.call('getCoverage', given)).body,
      };
    }),
  });
  const hoursOf = (index: number): ReadonlyMap<string, Hour> =>
    new Map(answers[index]?.data?.hours.map((hour) => [hour.hour, hour]));
  const hours = [...new Set(answers.flatMap(({ data }) => data?.hours.map(({ hour }) => hour) ?? []))]
    .sort()
    .reverse();
  return (
    <>
      <Problem error={answers.find(({ error }) => error !== null)?.error} />
      <dl className="ww-legend" aria-label={words.legend}>
        {Object.entries(words.signs).map(([sign, name]) => (
          <div key={sign}>
            <dt className={`ww-hour ww-hour--${sign}`} aria-hidden="true" />
            <dd>{name}</dd>
          </div>
        ))}
      </dl>
      <div className="tw-table ww-hours" role="region" aria-label={words.title} tabIndex={0}>
        <table className="usa-table usa-table--compact">
          <caption className="usa-sr-only">{words.title}</caption>
          <thead>
            <tr>
              <th scope="col">{words.hour}</th>
              {cameras.map(({ id, name }) => (
                <th key={id} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{words.total}</th>
              {cameras.map(({ id }, index) => (
                <td key={id}>{totalOf([...hoursOf(index).values()])}</td>
              ))}
            </tr>
            {hours.map((hour) => (
              <Row key={hour} hour={hour} cameras={cameras} of={(index) => hoursOf(index).get(hour)} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Row({
  hour,
  cameras,
  of,
}: {
  readonly hour: string;
  readonly cameras: readonly Camera[];
  readonly of: (index: number) => Hour | undefined;
}): ReactNode {
  const hourText = new Intl.DateTimeFormat(t.locale, {
    ...{ weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric' },
    ...{ timeZone: useContext(SiteZone), timeZoneName: 'short' },
  });
  return (
    <tr>
      <th scope="row">{hourText.format(new Date(hour))}</th>
      {cameras.map(({ id }, index) => {
        const one = of(index);
        const sign = one === undefined ? 'unwatched' : signOf(one);
        return (
          <td key={id} className={`ww-hour ww-hour--${sign}`}>
            <span>{one === undefined ? words.cell.unwatched : textOf(one, sign)}</span>
          </td>
        );
      })}
    </tr>
  );
}

/** What an hour is to be called. */
export function signOf({ seeing, blind, unwatched, alerts }: Hour): Sign {
  const seen = seeing / Math.max(1, seeing + blind + unwatched);
  if (seen >= WHOLE) return alerts > 0 ? 'alerts' : 'quiet';
  if (seen >= HALF || alerts > 0) return 'partly';
  return blind >= unwatched ? 'blind' : 'unwatched';
}

function textOf({ seeing, blind, unwatched, alerts }: Hour, sign: Sign): string {
  const seen = seeing / Math.max(1, seeing + blind + unwatched);
  const { cell } = words;
  const told = alerts > 0 ? `, ${cell.alerts(alerts)}` : '';
  if (sign === 'alerts') return cell.alerts(alerts);
  if (sign === 'quiet') return cell.quiet;
  if (sign === 'partly') return cell.partly(showPart(seen)) + told;
  return seen > 0 ? `${cell[sign]}, ${cell.partly(showPart(seen))}` : cell[sign];
}

function totalOf(hours: readonly Hour[]): string {
  const all = hours.reduce((sum, { seeing, blind, unwatched }) => sum + seeing + blind + unwatched, 0);
  const seen = hours.reduce((sum, { seeing }) => sum + seeing, 0);
  return all === 0 ? words.cell.unwatched : showPart(seen / all);
}
