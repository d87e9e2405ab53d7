import { useEffect } from 'react';
import { type Answer, useApi } from '../../../../web/kit/api.ts';
import { useFilters } from '../../../../web/kit/go.tsx';
import { t } from '../../../../web/text/en.ts';
import { operations } from '../../../client/operations.ts';

export type Camera = Answer<'listCameras'>['items'][number];
export type Incident = Answer<'listIncidents'>['items'][number];
export type Alert = Answer<'listAlerts'>['items'][number];
export type Severity = Incident['severity'];

const STORED = 'tidewaiter-watch-site';

/** The site that the desk looks after: of the address, else the last one, else the first. */
export function useDeskSite(): {
  readonly site: string | undefined;
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  readonly isPending: boolean;
  readonly choose: (site: string) => void;
} {
  const [filters, change] = useFilters();
  const { data, isPending } = useApi('listSites', {});
  const sites = data?.items ?? [];
  const wanted = filters['site'] ?? localStorage.getItem(STORED) ?? '';
  const site = (sites.find(({ id }) => id === wanted) ?? sites[0])?.id;
  useEffect(() => {
    if (site !== undefined) localStorage.setItem(STORED, site);
  }, [site]);
  return { site, sites, isPending, choose: (id) => change({ site: id }) };
}

/** Cameras of a site by their id, in the order of their names. */
export function useCameras(site: string | undefined): ReadonlyMap<string, Camera> {
  const { data } = useApi(
    'listCameras',
    { query: { site: site ?? '', limit: 200 } },
    { enabled: site !== undefined },
  );
  const sorted = [...(data?.items ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  return new Map(sorted.map((camera) => [camera.id, camera]));
}

export function nameOfCamera(cameras: ReadonlyMap<string, Camera>, id: string): string {
  return cameras.get(id)?.name ?? t.watch.camera.gone;
}

/** Whether the server that this console belongs to has a route; what it has not is not offered. */
export function hasRoute(path: string): boolean {
  return Object.values(operations).some(([, one]) => one === path);
}

/** What the API's description leaves open is looked at before it is shown. */
export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const asNumber = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;
