import { useState, type ReactNode } from 'react';
import { Button } from '../../../../../web/kit/form.tsx';
import { useFilters, useGo } from '../../../../../web/kit/go.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { More } from '../../../../../web/kit/list.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { useSiteEvents, type LinkState } from '../events.ts';
import { NoCameras } from '../ready.tsx';
import { nameOfCamera, useDeskSite, useEveryCamera } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { DeskFilters, shownOf } from './desk-filters.tsx';
import { useHerald } from './herald.ts';
import { QueueList } from './queue-list.tsx';
import { useQueue } from './queue.ts';
import { Selected } from './selected.tsx';
import { SuppressedAlerts } from './suppressed.tsx';
import './desk.css';

const words = t.watch.alerts;

/** The desk: what came in, as it comes in, and what is done about it. */
export function AlertsPage(): ReactNode {
  const { site } = useDeskSite();
  const herald = useHerald();
  const [link, setLink] = useState<LinkState>('connecting');
  const { sound, notices, toggleSound, toggleNotices } = herald;
  useKeys([{ key: 'm', does: t.watch.keys.sound, run: toggleSound }]);
  return (
    <WatchPage
      title={words.title}
      {...(site === undefined ? {} : { link })}
      actions={
        <>
          <Button aria-pressed={sound} onClick={toggleSound}>
            {words.sound} <kbd>m</kbd>
          </Button>
          <Button aria-pressed={notices === 'on'} onClick={toggleNotices}>
            {words.notify}
          </Button>
          {notices === 'denied' && <span role="status">{words.notifyDenied}</span>}
        </>
      }
    >
      {(one) => <Desk key={one} site={one} herald={herald} onLink={setLink} />}
    </WatchPage>
  );
}

function Desk({
  site,
  herald,
  onLink,
}: {
  readonly site: string;
  readonly herald: ReturnType<typeof useHerald>;
  readonly onLink: (state: LinkState) => void;
}): ReactNode {
  const [filters, change] = useFilters();
  const cameras = useEveryCamera(site);
  const isBare = useDeskSite().sites.some(({ id, version }) => id === site && version === null);
  const show = shownOf(filters['show']);
  const { camera = '', rule = '', severity = '' } = filters;
  const queue = useQueue(site, { show: show === 'suppressed' ? 'waiting' : show, camera, rule, severity });
  const [chosen, setChosen] = useState<string>();
  const go = useGo();
  useSiteEvents(site, onLink, (event) => {
    queue.take(event);
    if (event.kind === 'incident')
      herald.announce(event.incident, nameOfCamera(cameras, event.incident.camera));
  });
  const { incidents } = queue;
  // When what was chosen left the list, the one that took its place is chosen.
  const [place, setPlace] = useState(0);
  const found = incidents.findIndex(({ id }) => id === chosen);
  const at = found === -1 ? Math.min(place, incidents.length - 1) : found;
  const current = incidents[at];
  const choose = (index: number): void => {
    const next = incidents[Math.max(0, Math.min(incidents.length - 1, index))];
    setChosen(next?.id);
    setPlace(index);
    document.querySelector<HTMLElement>(`[data-incident="${next?.id ?? ''}"]`)?.focus();
  };
  useKeys([
    { key: 'j', does: t.watch.keys.next, run: () => choose(at + 1) },
    { key: 'k', does: t.watch.keys.previous, run: () => choose(at - 1) },
    {
      key: 'o',
      does: t.watch.keys.open,
      run: () => current !== undefined && go(`/watch/incidents/${current.id}`),
    },
  ]);
  return (
    <>
      <p className="usa-sr-only" role="status" aria-live="polite">
        {herald.said}
      </p>
      {isBare && <NoCameras site={site} />}
      <DeskFilters filters={filters} change={change} cameras={cameras} site={site} />
      {show === 'suppressed' ? (
        <SuppressedAlerts site={site} filters={filters} cameras={cameras} />
      ) : (
        <div className="tw-split ww-desk">
          <div>
            {incidents.length === 0 && (
              <Waiting
                query={queue.list}
                empty={<p>{show === 'waiting' ? words.none : words.noneFound}</p>}
              />
            )}
            <QueueList
              incidents={incidents}
              cameras={cameras}
              current={current?.id}
              onChoose={(index) => choose(index)}
            />
            <More list={queue.list} />
          </div>
          {current === undefined ? (
            <p className="tw-quiet">{words.choose}</p>
          ) : (
            <Selected
              key={current.id}
              incident={current}
              camera={nameOfCamera(cameras, current.camera)}
              onTaken={(after) => {
                setPlace(at);
                queue.changed(after);
              }}
            />
          )}
        </div>
      )}
    </>
  );
}
