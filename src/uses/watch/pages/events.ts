import { useEffect, useRef } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { keyOf } from '../../../../web/kit/api.ts';
import type { Camera, Incident } from './site.ts';

export type LinkState = 'connecting' | 'live' | 'lost';

/** What a site tells. `reset`: so much was missed that all must be read anew. */
export type SiteEvent =
  | { readonly kind: 'incident'; readonly incident: Incident }
  | { readonly kind: 'camera'; readonly camera: Camera }
  | { readonly kind: 'override' }
  | { readonly kind: 'reset' };

const AGAIN_MS = 3000;

/**
 * Follows a site. A connection that broke off goes on after the last event by the browser itself; one that was refused is
 * tried again. Lists of cameras and of what is armed are asked for anew where they changed.
 */
export function useSiteEvents(
  site: string,
  onLink: (state: LinkState) => void,
  onEvent: (event: SiteEvent) => void,
): void {
  const queries = useQueryClient();
  const newest = useRef({ onLink, onEvent });
  useEffect(() => {
    newest.current = { onLink, onEvent };
  });
  useEffect(() => {
    const setState = (state: LinkState): void => newest.current.onLink(state);
    let source: EventSource | undefined;
    let last = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (...ids: Parameters<typeof keyOf>[0][]): void => {
      for (const id of ids) void queries.invalidateQueries({ queryKey: keyOf(id) });
    };
    const tell = (event: SiteEvent): void => newest.current.onEvent(event);
    const on = (name: string, take: (data: Record<string, unknown>) => void): void =>
      source?.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
        last = lastEventId;
        take(JSON.parse(data) as Record<string, unknown>);
      });
    const open = (): void => {
      source = new EventSource(
        `/api/v1/watch/sites/${encodeURIComponent(site)}/events${last === '' ? '' : `?after=${last}`}`,
      );
      on('ready', () => {
        setState('live');
        // What came in between the first answers and this.
        refresh('listIncidents', 'listCameras');
      });
      on('reset', () => {
        setState('live');
        tell({ kind: 'reset' });
        refresh('listIncidents', 'listAlerts', 'getIncident', 'listCameras', 'listOverrides');
      });
      on('incident', ({ incident }) => {
        if (incident === null) return;
        tell({ kind: 'incident', incident: incident as Incident });
        void queries.invalidateQueries({
          queryKey: keyOf('getIncident', { params: { id: (incident as Incident).id } }),
        });
      });
      on('camera', ({ camera }) => {
        if (camera !== null) tell({ kind: 'camera', camera: camera as Camera });
        refresh('listCameras');
      });
      on('override', () => {
        tell({ kind: 'override' });
        refresh('listOverrides');
      });
      source.onopen = () => setState('live');
      source.onerror = () => {
        setState('lost');
        if (source?.readyState !== EventSource.CLOSED) return;
        clearTimeout(timer);
        timer = setTimeout(open, AGAIN_MS);
      };
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [site, queries]);
}
