import { useMemo, type ReactNode } from 'react';
import { useApi } from '../../../../../web/kit/api.ts';
import { t } from '../../../../../web/text/en.ts';
import type { Incident } from '../site.ts';

const DAYS_MS = 30 * 86_400_000;

/** What was dismissed here before, by the same rules: counts that help to see a fox for a fox. */
export function Similar({ incident }: { readonly incident: Incident }): ReactNode {
  const { site, camera, rules, startedAt, id } = incident;
  const from = useMemo(() => new Date(Date.parse(startedAt) - DAYS_MS).toISOString(), [startedAt]);
  const { data } = useApi('listIncidents', {
    query: { site, camera, state: 'dismissed', test: 'no', from, limit: 200 },
  });
  const counts = new Map<string, number>();
  for (const one of data?.items ?? [])
    if (one.id !== id && one.dismissal !== null && one.rules.some((rule) => rules.includes(rule)))
      counts.set(one.dismissal, (counts.get(one.dismissal) ?? 0) + 1);
  const names: Readonly<Record<string, string>> = t.watch.dismissals;
  return (
    <>
      <h3>{t.watch.incident.similar}</h3>
      {counts.size === 0 && <p className="tw-quiet">{t.watch.incident.noSimilar}</p>}
      <ul>
        {[...counts].map(([reason, count]) => (
          <li key={reason}>{t.watch.incident.similarOf(names[reason] ?? reason, count)}</li>
        ))}
      </ul>
    </>
  );
}
