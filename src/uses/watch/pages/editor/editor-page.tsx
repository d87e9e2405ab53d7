import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../../../../web/kit/api.ts';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { WatchPage } from '../watch-page.tsx';
import { SiteEditor } from './site-editor.tsx';

const words = t.watch.editor;

/** Zones and rules of a site's cameras, drawn and written. */
export function EditorPage(): ReactNode {
  return (
    <WatchPage title={words.title} lead={words.lead} needs="file">
      {(site) => <Editor key={site} site={site} />}
    </WatchPage>
  );
}

function Editor({ site }: { readonly site: string }): ReactNode {
  // Asked once: what is being written here must not change beneath the hands.
  const file = useQuery({
    queryKey: ['site-file-to-edit', site],
    queryFn: async () => (await api.call('getWatchSite', { params: { site } })).body,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (file.data === undefined) return <Waiting query={file} />;
  return <SiteEditor site={site} text={file.data.text} version={file.data.version} />;
}
