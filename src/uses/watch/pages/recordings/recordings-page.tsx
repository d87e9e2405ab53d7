import { useState, type ReactNode } from 'react';
import { useApi, type Answer } from '../../../../../web/kit/api.ts';
import { dayOf, endOfDay, showBytes, showDuration, showNumber } from '../../../../../web/kit/format.ts';
import { Choice, Field } from '../../../../../web/kit/form.tsx';
import { useFilters } from '../../../../../web/kit/go.tsx';
import { Section } from '../../../../../web/kit/page.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { Choose } from '../choose.tsx';
import { useEveryCamera, type Camera } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { RecordedDay } from './recorded-day.tsx';
import { showDayOf, timeAt } from './site-clock.ts';

const words = t.watch.recordings;
const LISTED_MS = 31 * 86_400_000;
/** Of a camera whose settings say nothing. */
const USUAL_GIGABYTES = 100;
export type Day = Answer<'listRecordingDays'>['days'][number];

/** What cameras recorded, by camera and day. */
export function RecordingsPage(): ReactNode {
  return (
    <WatchPage title={words.title} lead={words.lead}>
      {(site) => <Recordings key={site} site={site} />}
    </WatchPage>
  );
}

function Recordings({ site }: { readonly site: string }): ReactNode {
  const [filters, change] = useFilters();
  const [until, setUntil] = useState(() => dayOf(new Date().toISOString()));
  const cameras = [...useEveryCamera(site).values()];
  const camera =
    cameras.find(({ id }) => id === filters['camera']) ??
    cameras.find(({ recording }) => recording.continuousDays > 0) ??
    cameras[0];
  if (camera === undefined) return <p>{words.noCameras}</p>;
  const { continuousDays, continuousGigabytes } = camera.recording;
  return (
    <>
      <div className="tw-filters">
        <Choice
          label={words.camera}
          value={camera.id}
          onChange={({ currentTarget: { value } }) => change({ camera: value, day: '' })}
          options={cameras.map(({ id, name }) => [id, name] as const)}
        />
        <Field
          label={words.until}
          type="date"
          value={until}
          required
          onChange={({ currentTarget: { value } }) => setUntil(value)}
        />
      </div>
      <p>
        {continuousDays === 0
          ? words.clipsOnly
          : words.kept(continuousDays, showNumber(continuousGigabytes ?? USUAL_GIGABYTES))}
      </p>
      {until !== '' && (
        <Days
          camera={camera}
          until={endOfDay(until)}
          chosen={filters['day']}
          onChoose={(day) => change({ camera: camera.id, day })}
        />
      )}
    </>
  );
}

function Days({
  camera,
  until,
  chosen,
  onChoose,
}: {
  readonly camera: Camera;
  readonly until: string;
  readonly chosen: string | undefined;
  readonly onChoose: (day: string) => void;
}): ReactNode {
  const from = new Date(Date.parse(until) - LISTED_MS).toISOString();
  const list = useApi('listRecordingDays', { params: { id: camera.id }, query: { from, to: until } });
  if (list.data === undefined) return <Waiting query={list} />;
  const { days, timeZone } = list.data;
  const seconds = ({ spans }: Day): number =>
    spans.reduce((sum, span) => sum + (Date.parse(span.to) - Date.parse(span.from)) / 1000, 0);
  // An alert may lie on a day of which nothing else was recorded.
  const day = chosen ?? days[0]?.day ?? dayOf(until);
  return (
    <>
      <Section title={words.days}>
        <p className="tw-quiet">{words.zone(timeZone)}</p>
        {days.length === 0 ? (
          <p>{words.noDays}</p>
        ) : (
          <Table
            caption={words.days}
            rows={days}
            id={(one) => one.day}
            columns={[
              {
                title: words.day,
                show: (one) => (
                  <Choose chosen={one.day === day} onChoose={() => onChoose(one.day)}>
                    {showDayOf(one.day)}
                  </Choose>
                ),
                by: (one) => one.day,
              },
              {
                title: words.recorded,
                numeric: true,
                show: (one) => showDuration(seconds(one)),
                by: seconds,
              },
              {
                title: words.size,
                numeric: true,
                show: ({ bytes }) => showBytes(bytes),
                by: ({ bytes }) => bytes,
              },
              {
                title: words.when,
                show: ({ spans }) => {
                  const [first, last] = [spans[0], spans.at(-1)];
                  return first === undefined || last === undefined
                    ? ''
                    : `${timeAt(first.from, timeZone)} – ${timeAt(last.to, timeZone)}`;
                },
              },
            ]}
          />
        )}
      </Section>
      <RecordedDay
        key={`${camera.id} ${day}`}
        camera={camera}
        day={days.find((one) => one.day === day) ?? { day, bytes: 0, spans: [] }}
        timeZone={timeZone}
      />
    </>
  );
}
