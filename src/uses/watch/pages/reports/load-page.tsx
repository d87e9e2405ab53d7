import type { ReactNode } from 'react';
import { useApi, type Answer } from '../../../../../web/kit/api.ts';
import { showDuration, showNumber, showPercent, showRate } from '../../../../../web/kit/format.ts';
import { Tile } from '../../../../../web/kit/measured.tsx';
import { Section } from '../../../../../web/kit/page.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { asNumber, nameOfCamera, useEveryCamera } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { useMoment } from '../zone.ts';
import { usePeriod } from './period.tsx';
import { wilson } from './wilson.ts';

const words = t.watch.load;

/** What operators were asked to look at, and how they kept up. */
export function LoadPage(): ReactNode {
  const { from, to, choice } = usePeriod('24');
  return (
    <WatchPage title={words.title} lead={words.lead} actions={choice}>
      {(site) => <Load site={site} from={from} to={to} />}
    </WatchPage>
  );
}

function Load({
  site,
  from,
  to,
}: {
  readonly site: string;
  readonly from: string;
  readonly to: string;
}): ReactNode {
  const showMoment = useMoment();
  const load = useApi('getOperatorLoad', { params: { site }, query: { from, to } });
  const cameras = useEveryCamera(site);
  if (load.data === undefined) return <Waiting query={load} />;
  const { noisiest } = load.data;
  return (
    <>
      <p className="tw-quiet">
        {t.watch.period.of(showMoment(from), showMoment(to))}. {words.testsOut}
      </p>
      <LoadTiles load={load.data} />
      <Section title={words.noisiest}>
        {noisiest.length === 0 ? (
          <p className="tw-quiet">{words.noRules}</p>
        ) : (
          <Table
            caption={words.noisiest}
            rows={noisiest}
            id={({ camera, rule }) => `${camera} ${rule}`}
            columns={[
              { title: words.rule, show: ({ rule }) => rule, by: ({ rule }) => rule },
              { title: words.camera, show: ({ camera }) => nameOfCamera(cameras, camera) },
              { title: words.alerts, numeric: true, show: (one) => one.alerts, by: (one) => one.alerts },
              {
                title: words.dismissedOf,
                numeric: true,
                show: (one) => one.dismissed,
                by: (one) => one.dismissed,
              },
              { title: words.most, numeric: true, show: (one) => one.mostInMinute },
              { title: words.chattering, show: (one) => (one.chattering ? words.yes : words.no) },
            ]}
          />
        )}
      </Section>
    </>
  );
}

/** The figures of a period, each with what it rests on. */
export function LoadTiles({ load }: { readonly load: Answer<'getOperatorLoad'> }): ReactNode {
  const { incidents, unattended, operatorHours, tenMinutes, acknowledged, decided } = load;
  const perHour = asNumber(load.perOperatorHour);
  const [median, p95] = [asNumber(acknowledged.medianSeconds), asNumber(acknowledged.p95Seconds)];
  const [low, high] = wilson(decided.dismissed, decided.n);
  return (
    <div className="tw-tiles">
      <Tile title={words.incidents} value={incidents} />
      <Tile
        title={words.perHour}
        value={perHour === undefined ? words.none : showRate(perHour)}
        note={operatorHours === 0 ? words.noHours : words.hours(showNumber(operatorHours))}
      />
      {unattended > 0 && (
        <Tile title={words.unattended} value={unattended} note={words.unattendedNote(incidents)} />
      )}
      <Tile
        title={words.ten}
        value={showRate(tenMinutes.mean)}
        note={words.tenNote(
          showNumber(tenMinutes.above),
          tenMinutes.intervals,
          tenMinutes.most,
          tenMinutes.floods,
        )}
      />
      <Tile
        title={words.acknowledge}
        value={median === undefined ? words.none : showDuration(median)}
        note={p95 === undefined ? undefined : words.acknowledgeNote(showDuration(p95), acknowledged.n)}
      />
      <Tile
        title={words.dismissed}
        value={decided.n === 0 ? words.none : showPercent(decided.dismissed / decided.n)}
        note={
          decided.n === 0
            ? undefined
            : words.dismissedNote(decided.dismissed, decided.n, showPercent(low), showPercent(high))
        }
      />
    </div>
  );
}
