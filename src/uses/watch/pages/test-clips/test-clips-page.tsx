import type { ReactNode } from 'react';
import { useApi } from '../../../../../web/kit/api.ts';
import { showDuration, showPercent } from '../../../../../web/kit/format.ts';
import { useMay } from '../../../../../web/kit/me.ts';
import { Section } from '../../../../../web/kit/page.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { testers } from '../places.ts';
import { usePeriod } from '../reports/period.tsx';
import { asNumber, nameOfCamera, useEveryCamera } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { useMoment } from '../zone.ts';
import { Plans } from './plans.tsx';

const words = t.watch.testClips;
const DAY_MS = 86_400_000;
const AGAIN_MS = 5000;

/** Known clips that measure the desk: what is planned, and what came of it. */
export function TestClipsPage(): ReactNode {
  const { from, to, choice } = usePeriod('720');
  const may = useMay();
  // What is played while the page is open is shown too.
  const query = { from, to: new Date(Date.parse(to) + DAY_MS).toISOString() };
  return (
    <WatchPage title={words.title} lead={words.lead} actions={choice}>
      {(site) =>
        may(testers, site) ? (
          <>
            <Plans key={site} site={site} />
            <Figures site={site} query={query} />
            <Plays site={site} query={query} />
          </>
        ) : (
          <p>{words.rights}</p>
        )
      }
    </WatchPage>
  );
}

interface Asked {
  readonly site: string;
  readonly query: { readonly from: string; readonly to: string };
}

interface Share {
  readonly some: number;
  readonly of: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

function Figures({ site, query }: Asked): ReactNode {
  const report = useApi('getInjectionReport', { params: { site }, query }, { everyMs: AGAIN_MS });
  const cameras = useEveryCamera(site);
  const share = ({ some, of, interval }: Share): string =>
    interval === null
      ? words.nothing
      : words.share(some, of, showPercent(interval.low), showPercent(interval.high));
  return (
    <Section title={words.figures}>
      {report.data === undefined ? (
        <Waiting query={report} />
      ) : report.data.cameras.length === 0 ? (
        <p className="tw-quiet">{words.noFigures}</p>
      ) : (
        <>
          <p className="tw-quiet">{words.intervals}</p>
          <Table
            caption={words.figures}
            rows={report.data.cameras}
            id={({ camera }) => camera}
            columns={[
              { title: words.camera, show: ({ camera }) => nameOfCamera(cameras, camera) },
              { title: words.count, numeric: true, show: ({ played }) => played },
              { title: words.detected, show: ({ detected }) => share(detected) },
              {
                title: words.latency,
                numeric: true,
                show: ({ latencyMedian }) => seconds(latencyMedian) ?? words.nothing,
              },
              { title: words.inTime, show: ({ acknowledgedInTime }) => share(acknowledgedInTime) },
              { title: words.right, show: ({ decidedRightly }) => share(decidedRightly) },
              { title: words.missed, numeric: true, show: ({ missed }) => missed },
              {
                title: words.leftOut,
                show: ({ notArmed, failed }) => words.leftOutOf(notArmed, failed),
              },
            ]}
          />
        </>
      )}
    </Section>
  );
}

function Plays({ site, query }: Asked): ReactNode {
  const showMoment = useMoment();
  const plays = useApi('listInjectionPlays', { params: { site }, query }, { everyMs: AGAIN_MS });
  const cameras = useEveryCamera(site);
  return (
    <Section title={words.plays}>
      {plays.data === undefined ? (
        <Waiting query={plays} />
      ) : plays.data.items.length === 0 ? (
        <p className="tw-quiet">{words.noPlays}</p>
      ) : (
        <Table
          caption={words.plays}
          rows={plays.data.items}
          id={({ id }) => id}
          columns={[
            {
              title: words.at,
              show: ({ playedAt }) => showMoment(playedAt),
              by: ({ playedAt }) => playedAt,
            },
            { title: words.camera, show: ({ camera }) => nameOfCamera(cameras, camera) },
            { title: words.rule, show: ({ rule }) => rule, by: ({ rule }) => rule },
            {
              title: words.result,
              show: ({ state, latency, problem }) => {
                const after = state === 'detected' ? seconds(latency) : undefined;
                const what = after === undefined ? words.states[state] : words.detectedIn(after);
                return typeof problem === 'string' ? `${what}: ${problem}` : what;
              },
            },
            {
              title: words.response,
              show: ({ answer }) => (answer === null ? words.nothing : words.answers[answer]),
            },
            {
              title: words.time,
              numeric: true,
              show: ({ acknowledgedAfterSeconds }) => seconds(acknowledgedAfterSeconds) ?? words.nothing,
            },
          ]}
        />
      )}
    </Section>
  );
}

function seconds(value: unknown): string | undefined {
  const given = asNumber(value);
  return given === undefined ? undefined : showDuration(given);
}
