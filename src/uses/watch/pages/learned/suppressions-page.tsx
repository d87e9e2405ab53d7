import { useState, type ReactNode } from 'react';
import { useDo } from '../../../../../web/kit/api.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { More, useList } from '../../../../../web/kit/list.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { Problem, Waiting } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { readSiteText } from '../site-text.ts';
import { useEveryCamera, useSiteFile } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { Suppression, type Learned } from './suppression.tsx';

const words = t.watch.suppressions;

/** What was learned from dismissals, and what people decided about it. */
export function SuppressionsPage(): ReactNode {
  return (
    <WatchPage title={words.title} lead={words.lead} needs="file">
      {(site) => <Suppressions key={site} site={site} />}
    </WatchPage>
  );
}

function Suppressions({ site }: { readonly site: string }): ReactNode {
  const params = { site };
  const list = useList('listSuppressions', { params });
  const file = useSiteFile(site);
  const cameras = useEveryCamera(site);
  const may = useMay();
  const look = useDo('proposeSuppressions', ['listSuppressions']);
  const [found, setFound] = useState('');
  const places = file.data === undefined ? [] : readSiteText(file.data.text).cameras;
  const rank = (one: Learned): number =>
    one.state === 'approved' && one.review !== null
      ? 0
      : one.state === 'proposed'
        ? 1
        : one.state === 'approved'
          ? 2
          : 3;
  const shown = [...list.items].sort((a, b) => rank(a) - rank(b));
  return (
    <>
      {may(['supervisor'], site) && (
        <div className="tw-row">
          <Button
            disabled={look.isPending}
            onClick={() =>
              look.mutate({ params }, { onSuccess: ({ items }) => setFound(words.found(items.length)) })
            }
          >
            {words.look}
          </Button>
          <span role="status">{found}</span>
        </div>
      )}
      <Problem error={look.error} />
      {shown.length === 0 ? (
        <Waiting query={list} empty={<p>{words.none}</p>} />
      ) : (
        <ul className="ww-learned">
          {shown.map((one) => {
            const camera = cameras.get(one.camera);
            const place = places.find(({ id }) => id === camera?.slot);
            return <Suppression key={one.id} learned={one} camera={camera} place={place} />;
          })}
        </ul>
      )}
      <More list={list} />
    </>
  );
}
