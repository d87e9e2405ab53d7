import { useState, type ReactNode } from 'react';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Button, Choice, Field } from '../../../../../web/kit/form.tsx';
import { Go } from '../../../../../web/kit/go.tsx';
import { More, useList } from '../../../../../web/kit/list.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { Section } from '../../../../../web/kit/page.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { unmasked } from '../incident/reveal.tsx';
import { SeveritySign } from '../signs.tsx';
import type { Alert, Camera } from '../site.ts';
import { Player } from './player.tsx';
import type { Day } from './recordings-page.tsx';
import { boundsOf, momentOf, showDayOf, timeAt } from './site-clock.ts';

const words = t.watch.recordings;
const lengths = Object.entries(words.lengths).sort(([a], [b]) => Number(a) - Number(b));
const MINUTE_MS = 60_000;

/** A day of a camera: what was recorded all the time, for whoever may see it, and clips of alerts for everybody. */
export function RecordedDay({
  camera,
  day: { day, spans },
  timeZone,
}: {
  readonly camera: Camera;
  readonly day: Day;
  readonly timeZone: string;
}): ReactNode {
  const may = useMay()(unmasked, camera.site);
  const [time, setTime] = useState(() => timeAt(spans[0]?.from ?? '1970-01-01', timeZone));
  const [minutes, setMinutes] = useState('5');
  const [asked, setAsked] = useState<number>();
  return (
    <Section title={words.ofDay(showDayOf(day), camera.name)}>
      {spans.length > 0 && !may && <p>{words.masked}</p>}
      {spans.length > 0 && may && (
        <>
          <h3>{words.spans}</h3>
          <ul className="ww-spans">
            {spans.map((span) => (
              <li key={span.from}>
                <Button kind="unstyled" onClick={() => setAsked(Date.parse(span.from))}>
                  {words.playSpan(timeAt(span.from, timeZone), timeAt(span.to, timeZone))}
                </Button>
              </li>
            ))}
          </ul>
          <form
            className="tw-form--row"
            onSubmit={(event) => {
              event.preventDefault();
              setAsked(momentOf(day, time, timeZone));
            }}
          >
            <Field
              label={words.from}
              type="time"
              step={1}
              value={time}
              required
              onChange={({ currentTarget: { value } }) => setTime(value)}
            />
            <Choice
              label={words.length}
              value={minutes}
              onChange={({ currentTarget: { value } }) => setMinutes(value)}
              options={lengths}
            />
            <Button type="submit">{words.play}</Button>
          </form>
          {asked !== undefined && (
            <Player
              key={asked}
              camera={camera}
              from={asked}
              lengthMs={Number(minutes) * MINUTE_MS}
              timeZone={timeZone}
              onEnd={() => setAsked(undefined)}
            />
          )}
        </>
      )}
      <AlertsOfDay camera={camera} day={day} timeZone={timeZone} />
    </Section>
  );
}

function AlertsOfDay({
  camera,
  day,
  timeZone,
}: {
  readonly camera: Camera;
  readonly day: string;
  readonly timeZone: string;
}): ReactNode {
  const query = { site: camera.site, camera: camera.id, suppressed: 'no' as const };
  const list = useList('listAlerts', { query: { ...query, ...boundsOf(day, timeZone) } });
  const [shown, setShown] = useState<Alert>();
  return (
    <>
      <h3>{words.alerts}</h3>
      {list.items.length === 0 ? (
        <Waiting query={list} empty={<p className="tw-quiet">{words.noAlerts}</p>} />
      ) : (
        <Table
          caption={words.alerts}
          rows={list.items}
          id={({ id }) => id}
          columns={[
            {
              title: words.at,
              show: ({ at, incident }) =>
                typeof incident === 'string' ? (
                  <Go to={`/watch/incidents/${incident}`}>{timeAt(at, timeZone)}</Go>
                ) : (
                  timeAt(at, timeZone)
                ),
              by: ({ at }) => at,
            },
            { title: words.rule, show: ({ rule }) => rule, by: ({ rule }) => rule },
            { title: words.severity, show: ({ severity }) => <SeveritySign severity={severity} /> },
            {
              title: words.clip,
              show: (alert) =>
                alert.hasClip ? (
                  <Button kind="unstyled" onClick={() => setShown(alert)}>
                    {words.clipOf(timeAt(alert.at, timeZone))}
                  </Button>
                ) : (
                  words.noClip
                ),
            },
          ]}
        />
      )}
      <More list={list} />
      {shown !== undefined && (
        <Dialog title={words.clipOf(timeAt(shown.at, timeZone))} onClose={() => setShown(undefined)} wide>
          <MaskedClip alert={shown.id} />
        </Dialog>
      )}
    </>
  );
}

function MaskedClip({ alert }: { readonly alert: string }): ReactNode {
  const [failed, setFailed] = useState(false);
  if (failed) return <p role="alert">{words.noMaskedClip}</p>;
  return (
    <div className="tw-stage">
      <video
        controls
        autoPlay
        muted
        src={`/api/v1/watch/alerts/${alert}/masked.mp4`}
        aria-label={t.watch.incident.maskedClip}
        onError={() => setFailed(true)}
      />
    </div>
  );
}
