import { useState, type ReactNode } from 'react';
import { Go } from '../../../../../web/kit/go.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { Facts } from '../../../../../web/kit/page.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { useQueue } from '../desk/queue.ts';
import { useSiteEvents, type LinkState } from '../events.ts';
import { keepers } from '../places.ts';
import { cameraState } from '../signs.tsx';
import { readSiteText } from '../site-text.ts';
import { useCameras, useSiteFile } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { Sketch } from './sketch.tsx';

const words = t.watch.plan;
const everything = { show: 'waiting', camera: '', rule: '', severity: '' } as const;

/** Cameras of a site and the places they look at. */
export function PlanPage(): ReactNode {
  const [link, setLink] = useState<LinkState>('connecting');
  return (
    <WatchPage title={words.title} lead={words.lead} link={link} needs="file">
      {(site) => <Plan key={site} site={site} onLink={setLink} />}
    </WatchPage>
  );
}

function Plan({
  site,
  onLink,
}: {
  readonly site: string;
  readonly onLink: (state: LinkState) => void;
}): ReactNode {
  const file = useSiteFile(site);
  const cameras = [...useCameras(site).values()];
  const may = useMay()(keepers, site);
  const queue = useQueue(site, everything);
  useSiteEvents(site, onLink, queue.take);
  if (file.data === undefined) return <Waiting query={file} />;
  return (
    <ul className="ww-plan">
      {readSiteText(file.data.text).cameras.map((place) => {
        const camera = cameras.find(({ slot }) => slot === place.id);
        const waiting = queue.incidents.filter((incident) => incident.camera === camera?.id).length;
        const ids = (list: readonly { readonly id: string }[]): string => list.map(({ id }) => id).join(', ');
        const named = [
          [words.zones, ids(place.zones)],
          [words.lines, ids(place.lines)],
          [words.privacy, place.privacy.map(({ name }) => name).join(', ')],
          [words.rules, ids(place.rules) || words.noRules],
        ] as const;
        return (
          <li key={place.id} className={waiting > 0 ? 'ww-place ww-place--waiting' : 'ww-place'}>
            <h2>{camera?.name ?? place.id}</h2>
            <p>
              {camera === undefined ? words.unset : cameraState(camera)}{' '}
              {camera === undefined && may && (
                <Go to={`/watch/cameras?add=${place.id}`}>{t.watch.cameras.addStream}</Go>
              )}{' '}
              · <strong>{waiting > 0 ? words.waiting(waiting) : words.quiet}</strong>
            </p>
            <Sketch camera={place} />
            <Facts facts={named.filter(([, names]) => names !== '')} />
          </li>
        );
      })}
    </ul>
  );
}
