import { useState, type CSSProperties, type ReactNode } from 'react';
import { useApi } from '../../../../../web/kit/api.ts';
import { Button, Choice } from '../../../../../web/kit/form.tsx';
import { useFilters } from '../../../../../web/kit/go.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { t } from '../../../../../web/text/en.ts';
import { useNow } from '../clock.ts';
import { useQueue } from '../desk/queue.ts';
import { useSiteEvents, type LinkState } from '../events.ts';
import { hasRoute, useCameras } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { Tile } from './tile.tsx';
import { usePictures } from './use-pictures.ts';
import './wall.css';

const words = t.watch.wall;
const sizes = [1, 4, 9, 16, 25] as const;
const hasPictures = hasRoute('/watch/cameras/{id}/masked');
const everything = { show: 'waiting', camera: '', rule: '', severity: '' } as const;

/** All cameras of a site at once, dark; where something happens is seen at a glance. */
export function WallPage(): ReactNode {
  const [link, setLink] = useState<LinkState>('connecting');
  const [filters, change] = useFilters();
  const size = sizes.find((one) => String(one) === filters['size']) ?? 9;
  useKeys(
    sizes.map((count, index) => ({
      key: String(index + 1),
      does: t.watch.keys.size(count),
      run: () => change({ size: String(count) }),
    })),
  );
  return (
    <div className="ww-dark">
      <WatchPage
        title={words.title}
        link={link}
        needs="camera"
        {...(hasPictures ? {} : { lead: words.unmaskedOff })}
        actions={
          <Choice
            label={words.grid}
            value={String(size)}
            onChange={({ currentTarget: { value } }) => change({ size: value })}
            options={sizes.map((count) => [String(count), String(count)] as const)}
          />
        }
      >
        {(site) => <Wall key={site} site={site} size={size} onLink={setLink} />}
      </WatchPage>
    </div>
  );
}

function Wall({
  site,
  size,
  onLink,
}: {
  readonly site: string;
  readonly size: number;
  readonly onLink: (state: LinkState) => void;
}): ReactNode {
  const cameras = [...useCameras(site).values()];
  const queue = useQueue(site, everything);
  const overrides = useApi('listOverrides', { params: { site }, query: { now: 'yes', limit: 200 } });
  const [page, setPage] = useState(0);
  const now = useNow();
  useSiteEvents(site, onLink, queue.take);
  const pages = Math.max(1, Math.ceil(cameras.length / size));
  const at = Math.min(page, pages - 1);
  const shown = cameras.slice(at * size, (at + 1) * size);
  const pictures = usePictures(hasPictures ? shown.map(({ id }) => id) : []);
  const columns = Math.sqrt(size);
  return (
    <>
      <ul className="ww-wall" style={{ '--across': columns } as CSSProperties}>
        {shown.map((camera, index) => (
          <Tile
            key={camera.id}
            camera={camera}
            index={index}
            columns={columns}
            incidents={queue.incidents.filter((incident) => incident.camera === camera.id)}
            override={overrides.data?.items.find(
              (one) => one.camera === null || (one.camera === camera.id && one.zone === null),
            )}
            picture={pictures.get(camera.id)}
            withPictures={hasPictures}
            now={now}
          />
        ))}
      </ul>
      {pages > 1 && (
        <p className="tw-row">
          <Button disabled={at === 0} onClick={() => setPage(at - 1)}>
            {words.before}
          </Button>
          <Button disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
            {words.after}
          </Button>
          <span role="status">{words.page(at + 1, pages)}</span>
        </p>
      )}
    </>
  );
}
