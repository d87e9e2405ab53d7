import { useState, type ReactNode } from 'react';
import { Button } from '../../../../../web/kit/form.tsx';
import { useFilters } from '../../../../../web/kit/go.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { useSiteEvents, type LinkState } from '../events.ts';
import { Choose } from '../choose.tsx';
import { keepers } from '../places.ts';
import { useCameraList, useCameras } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { useMoment } from '../zone.ts';
import { AddCamera } from './add-camera.tsx';
import { CameraDetails, stateOf } from './camera-details.tsx';
import { FindCameras } from './find-cameras.tsx';
import { Look } from './look.tsx';
import type { Filled } from './stream-fields.tsx';

const words = t.watch.cameras;

/** The cameras of a site: add, test, change, remove. */
export function CamerasPage(): ReactNode {
  const [link, setLink] = useState<LinkState>('connecting');
  return (
    <WatchPage title={words.title} lead={words.lead} link={link}>
      {(site) => <Cameras key={site} site={site} onLink={setLink} />}
    </WatchPage>
  );
}

function Cameras({
  site,
  onLink,
}: {
  readonly site: string;
  readonly onLink: (state: LinkState) => void;
}): ReactNode {
  return useMay()(keepers, site) ? <List site={site} onLink={onLink} /> : <p>{words.rights}</p>;
}

function List({
  site,
  onLink,
}: {
  readonly site: string;
  readonly onLink: (state: LinkState) => void;
}): ReactNode {
  const list = useCameraList(site);
  const cameras = [...useCameras(site).values()];
  const showMoment = useMoment();
  const mayFind = useMay()(['admin']);
  const [filters, change] = useFilters();
  const [adding, setAdding] = useState<Filled | undefined>(filters['add'] === undefined ? undefined : {});
  const [finding, setFinding] = useState(false);
  const [testing, setTesting] = useState<string>();
  const [said, setSaid] = useState('');
  useSiteEvents(site, onLink, () => undefined);
  useKeys([{ key: 'n', does: words.add, run: () => setAdding({}) }]);
  const chosen = cameras.find(({ id }) => id === filters['camera']);
  return (
    <>
      <div className="tw-row">
        <Button kind="plain" onClick={() => setAdding({})}>
          {words.add} <kbd>n</kbd>
        </Button>
        {mayFind && <Button onClick={() => setFinding(true)}>{words.find}</Button>}
        <span role="status">{said}</span>
      </div>
      {cameras.length === 0 ? (
        <Waiting query={list} empty={<p>{words.none}</p>} />
      ) : (
        <Table
          caption={words.title}
          rows={cameras}
          id={({ id }) => id}
          columns={[
            {
              title: words.name,
              show: ({ id, name }) => (
                <Choose
                  chosen={id === chosen?.id}
                  onChoose={() => change({ camera: id === chosen?.id ? '' : id })}
                >
                  {name}
                </Choose>
              ),
              by: ({ name }) => name,
            },
            { title: words.state, show: stateOf, by: stateOf },
            { title: words.since, show: ({ since }) => showMoment(since), by: ({ since }) => since },
            { title: words.address, show: ({ source }) => source.url, by: ({ source }) => source.url },
            { title: words.detectColumn, show: ({ detect }) => detect?.url ?? words.sameStream },
            {
              title: words.login,
              show: ({ hasCredentials }) => (hasCredentials ? words.stored : words.noLogin),
            },
          ]}
        />
      )}
      {chosen !== undefined && (
        <CameraDetails
          key={chosen.id}
          camera={chosen}
          onTest={() => setTesting(chosen.id)}
          onRemoved={() => {
            setSaid(words.removed(chosen.name));
            change({ camera: '' });
          }}
        />
      )}
      {finding && (
        <FindCameras
          onClose={() => setFinding(false)}
          onUse={(filled) => {
            setFinding(false);
            setAdding(filled);
          }}
        />
      )}
      {adding !== undefined && (
        <AddCamera
          site={site}
          {...(filters['add'] === undefined ? {} : { place: filters['add'] })}
          filled={adding}
          onClose={() => setAdding(undefined)}
          onAdded={(camera) => {
            setAdding(undefined);
            setTesting(camera);
            change({ camera, add: '' });
          }}
        />
      )}
      {testing !== undefined && <Look id={testing} onClose={() => setTesting(undefined)} />}
    </>
  );
}
