import { useState, type ReactNode } from 'react';
import { useApi, useDo, type Answer } from '../../../../../web/kit/api.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { More, useList } from '../../../../../web/kit/list.tsx';
import { useMay, useNames } from '../../../../../web/kit/me.ts';
import { Section } from '../../../../../web/kit/page.tsx';
import { Problem, Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { useSiteEvents, type LinkState } from '../events.ts';
import { readSiteText } from '../site-text.ts';
import { asText, nameOfCamera, useEveryCamera, type Camera, useSiteFile } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { useMoment } from '../zone.ts';
import { SetOverride } from './set-override.tsx';
import { SiteCalendar } from './site-calendar.tsx';

const words = t.watch.arming;
type Override = Answer<'listOverrides'>['items'][number];

/** What is armed and disarmed by hand, and the calendar behind it. */
export function ArmingPage(): ReactNode {
  const [link, setLink] = useState<LinkState>('connecting');
  return (
    <WatchPage title={words.title} lead={words.lead} link={link} needs="file">
      {(site) => <Arming key={site} site={site} onLink={setLink} />}
    </WatchPage>
  );
}

function Arming({
  site,
  onLink,
}: {
  readonly site: string;
  readonly onLink: (state: LinkState) => void;
}): ReactNode {
  const params = { site };
  const now = useApi('listOverrides', { params, query: { now: 'yes', limit: 200 } });
  const past = useList('listOverrides', { params });
  const file = useSiteFile(site);
  const cameras = useEveryCamera(site);
  const may = useMay()(['operator', 'supervisor'], site);
  const end = useDo('endOverride', ['listOverrides']);
  useSiteEvents(site, onLink, () => undefined);
  const inForce = now.data?.items ?? [];
  return (
    <>
      <Section title={words.now}>
        {inForce.length === 0 ? (
          <Waiting query={now} empty={<p>{words.none}</p>} />
        ) : (
          <OverrideTable
            caption={words.now}
            rows={inForce}
            cameras={cameras}
            {...(may ? { onEnd: (id) => end.mutate({ params: { id } }) } : {})}
          />
        )}
        <Problem error={end.error} />
      </Section>
      {may && file.data !== undefined && (
        <Section title={words.set}>
          <SetOverride site={site} cameras={cameras} file={readSiteText(file.data.text)} />
        </Section>
      )}
      {file.data !== undefined && (
        <Section title={words.calendar}>
          <SiteCalendar view={file.data} />
        </Section>
      )}
      <Section title={words.past}>
        {past.items.length === 0 ? (
          <Waiting query={past} empty={<p className="tw-quiet">{words.nonePast}</p>} />
        ) : (
          <OverrideTable caption={words.past} rows={past.items} cameras={cameras} />
        )}
        <More list={past} />
      </Section>
    </>
  );
}

function OverrideTable({
  caption,
  rows,
  cameras,
  onEnd,
}: {
  readonly caption: string;
  readonly rows: readonly Override[];
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly onEnd?: (id: string) => void;
}): ReactNode {
  const showMoment = useMoment();
  const nameOf = useNames();
  const placeOf = ({ camera, zone }: Override): string =>
    camera === null
      ? words.whole
      : [nameOfCamera(cameras, camera), asText(zone)].filter((one) => one !== undefined).join(', ');
  return (
    <Table
      caption={caption}
      rows={rows}
      id={({ id }) => id}
      columns={[
        { title: t.watch.handover.place, show: placeOf },
        {
          title: words.what,
          show: ({ state }) => (state === 'armed' ? t.watch.wall.armed : t.watch.wall.disarmed),
        },
        { title: words.reason, show: ({ reason }) => reason },
        { title: words.from, show: ({ from }) => showMoment(from), by: ({ from }) => from },
        { title: words.until, show: ({ until }) => showMoment(until), by: ({ until }) => until },
        { title: words.by, show: ({ by }) => nameOf(by) },
        {
          title: words.end,
          show: (one) =>
            one.endedBy !== null ? (
              words.ended(nameOf(one.endedBy))
            ) : onEnd === undefined ? null : (
              <Button kind="unstyled" aria-label={words.endOf(placeOf(one))} onClick={() => onEnd(one.id)}>
                {words.end}
              </Button>
            ),
        },
      ]}
    />
  );
}
