import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Answer, useApi } from '../../../../web/kit/api.ts';
import { useFilters } from '../../../../web/kit/go.tsx';
import { t } from '../../../../web/text/en.ts';
import { operations } from '../../../client/operations.ts';

export type Camera = Answer<'listCameras'>['items'][number];
export type Incident = Answer<'listIncidents'>['items'][number];
export type Alert = Answer<'listAlerts'>['items'][number];
export type Severity = Incident['severity'];

export type DeskSite = Answer<'listWatchSites'>['items'][number];

const STORED = 'tidewaiter-watch-site';

/** The site that the desk looks after: of the address, else the last one, else the first. */
export function useDeskSite(): {
  readonly site: string | undefined;
  readonly sites: readonly DeskSite[];
  readonly isPending: boolean;
  readonly choose: (site: string) => void;
} {
  const [filters, change] = useFilters();
  const { data, isPending } = useApi('listWatchSites', {});
  const sites = data?.items ?? [];
  const wanted = filters['site'] ?? localStorage.getItem(STORED) ?? '';
  const site = (sites.find(({ id }) => id === wanted) ?? sites[0])?.id;
  useEffect(() => {
    if (site !== undefined) localStorage.setItem(STORED, site);
  }, [site]);
  return { site, sites, isPending, choose: (id) => change({ site: id }) };
}

export function useCameraList(site: string | undefined): UseQueryResult<Answer<'listCameras'>> {
  const query = { site: site ?? '', limit: 200, removed: 'yes' as const };
  return useApi('listCameras', { query }, { enabled: site !== undefined });
}

/** Cameras of a site by their id, in the order of their names, those that were removed too: what they told names them. */
export function useEveryCamera(site: string | undefined): ReadonlyMap<string, Camera> {
  const { data } = useCameraList(site);
  const sorted = [...(data?.items ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  return new Map(sorted.map((camera) => [camera.id, camera]));
}

/** Those that are watched, or switched off for a time. */
export function useCameras(site: string | undefined): ReadonlyMap<string, Camera> {
  return new Map([...useEveryCamera(site)].filter(([, { removedAt }]) => removedAt === null));
}

/** The newest site file; it is not asked for where there is none. */
export function useSiteFile(site: string): UseQueryResult<Answer<'getWatchSite'>> {
  const { sites } = useDeskSite();
  const enabled = sites.some(({ id, version }) => id === site && version !== null);
  return useApi('getWatchSite', { params: { site } }, { enabled });
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
