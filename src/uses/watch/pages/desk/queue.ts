import { useState } from 'react';
import { useList, type List } from '../../../../../web/kit/list.tsx';
import type { SiteEvent } from '../events.ts';
import type { Incident } from '../site.ts';

export interface QueueFilter {
  readonly show: Incident['state'] | 'waiting';
  readonly camera: string;
  readonly rule: string;
  readonly severity: string;
}

/** Whether an incident belongs into the list as it is now. */
export function fits(incident: Incident, { show, camera, rule, severity }: QueueFilter): boolean {
  const waits = incident.outcome === null && incident.state !== 'closed';
  return (
    (show === 'waiting' ? waits : incident.state === show) &&
    (camera === '' || incident.camera === camera) &&
    (rule === '' || incident.rules.includes(rule)) &&
    (severity === '' || incident.severity === severity)
  );
}

/** What waits: the most severe first, among equals the newest. What is over: the newest first. */
export function inOrder(incidents: readonly Incident[], show: QueueFilter['show']): readonly Incident[] {
  const open = show === 'waiting' || show === 'new';
  return [...incidents].sort(
    (a, b) =>
      (open ? a.priority - b.priority : 0) ||
      b.startedAt.localeCompare(a.startedAt) ||
      a.id.localeCompare(b.id),
  );
}

/** The list of incidents: as it was asked for, with what changed since. */
export function useQueue(
  site: string,
  filter: QueueFilter,
): {
  readonly incidents: readonly Incident[];
  readonly list: List<Incident>;
  readonly take: (event: SiteEvent) => void;
  readonly changed: (incident: Incident) => void;
} {
  const { show, camera, severity } = filter;
  const list = useList('listIncidents', {
    query: {
      ...{ site, state: show, order: show === 'waiting' ? ('priority' as const) : ('newest' as const) },
      ...(camera === '' ? {} : { camera }),
      ...(severity === '' ? {} : { severity: severity as Incident['severity'] }),
    },
  });
  const [news, setNews] = useState<ReadonlyMap<string, Incident>>(new Map());
  const changed = (incident: Incident): void =>
    setNews((before) => new Map([...before, [incident.id, incident]]));
  const known = new Map(list.items.map((incident) => [incident.id, incident]));
  for (const [id, incident] of news) if (incident.site === site) known.set(id, incident);
  return {
    incidents: inOrder(
      [...known.values()].filter((incident) => fits(incident, filter)),
      show,
    ),
    list,
    changed,
    take: (event) => {
      if (event.kind === 'incident') changed(event.incident);
      if (event.kind === 'reset') setNews(new Map());
    },
  };
}
