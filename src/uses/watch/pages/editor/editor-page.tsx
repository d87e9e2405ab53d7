import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { ProblemError } from '../../../../client/index.ts';
import { api, useApi } from '../../../../../web/kit/api.ts';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { WatchPage } from '../watch-page.tsx';
import { SiteEditor } from './site-editor.tsx';

const words = t.watch.editor;

/** Zones and rules of a site's cameras, drawn and written. */
export function EditorPage(): ReactNode {
  return (
    <WatchPage title={words.title} lead={words.lead}>
      {(site) => <Editor key={site} site={site} />}
    </WatchPage>
  );
}

function Editor({ site }: { readonly site: string }): ReactNode {
  const sites = useApi('listSites', {});
  // Asked once: what is being written here must not change beneath the hands.
  const file = useQuery({
    queryKey: ['site-file-to-edit', site],
    queryFn: async () => {
      try {
        return (await api.call('getWatchSite', { params: { site } })).body;
      } catch (error) {
        if (error instanceof ProblemError && error.problem.status === 404) return null;
        throw error;
      }
    },
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const place = sites.data?.items.find(({ id }) => id === site);
  if (file.data === undefined || place === undefined) return <Waiting query={file} />;
  const text =
    file.data?.text ??
    `site: ${JSON.stringify(place.name)}\ntimeZone: ${place.timeZone}\ncameras:\n  - id: camera-1\n`;
  return (
    <>
      {file.data === null && <p>{words.noFile}</p>}
      <SiteEditor site={site} text={text} version={file.data?.version} />
    </>
  );
}
