import type { ReactNode } from 'react';
import { Go } from '../../../../web/kit/go.tsx';
import { useMay } from '../../../../web/kit/me.ts';
import { Waiting } from '../../../../web/kit/problem.tsx';
import { t } from '../../../../web/text/en.ts';
import { keepers } from './places.ts';
import { useCameraList, useCameras, useDeskSite } from './site.ts';

const words = t.watch.ready;

/** What stands where there is no site. */
export function NoSite(): ReactNode {
  const may = useMay()(['admin']);
  return (
    <p>
      {words.noSite} {may ? <Go to="/admin/sites">{words.toSites}</Go> : words.askAdmin}
    </p>
  );
}

/** Says what a site lacks before a page can show anything of it, and leads there. */
export function Ready({
  site,
  needs,
  children,
}: {
  readonly site: string;
  readonly needs: 'file' | 'camera' | undefined;
  readonly children: () => ReactNode;
}): ReactNode {
  const { sites } = useDeskSite();
  const list = useCameraList(site);
  const cameras = useCameras(site);
  const hasFile = sites.some(({ id, version }) => id === site && version !== null);
  if (needs === 'camera' && list.data === undefined) return <Waiting query={list} />;
  const lacks = needs === 'file' ? !hasFile : needs === 'camera' && cameras.size === 0;
  return lacks ? <NoCameras site={site} /> : children();
}

/** A site without cameras, and the way to add one. */
export function NoCameras({ site }: { readonly site: string }): ReactNode {
  const { sites } = useDeskSite();
  const may = useMay()(keepers, site);
  const name = sites.find(({ id }) => id === site)?.name ?? site;
  return (
    <p className="ww-lacks">
      <strong>{words.noCameras(name)}</strong> {words.begins}{' '}
      {may ? <Go to="/watch/cameras">{words.toCameras}</Go> : words.askKeeper}
    </p>
  );
}
