import type { ReactNode } from 'react';
import { Choice } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';
import { useSiteFile, type Camera } from '../site.ts';
import { readSiteText } from '../site-text.ts';
import type { QueueFilter } from './queue.ts';

const words = t.watch.alerts;
type Shown = QueueFilter['show'] | 'suppressed';
type Filters = Readonly<Record<string, string>>;
const shows = Object.entries(words.shows) as readonly (readonly [Shown, string])[];

/** What the address asks to see. */
export function shownOf(text: string | undefined): Shown {
  return shows.find(([show]) => show === text)?.[0] ?? 'waiting';
}

export function DeskFilters({
  filters,
  change,
  cameras,
  site,
}: {
  readonly filters: Filters;
  readonly change: (changes: Filters) => void;
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly site: string;
}): ReactNode {
  const { data } = useSiteFile(site);
  const named = readSiteText(data?.text ?? '').cameras.flatMap(({ rules }) => rules.map(({ id }) => id));
  const rules = [...new Set(named)].sort();
  const choice = (
    name: string,
    label: string,
    options: readonly (readonly [string, string])[],
  ): ReactNode => (
    <Choice
      label={label}
      value={filters[name] ?? ''}
      onChange={({ currentTarget: { value } }) => change({ [name]: value })}
      options={options}
    />
  );
  return (
    <div className="tw-filters" data-filter role="group" aria-label={words.filters}>
      <Choice
        label={words.show}
        value={shownOf(filters['show'])}
        onChange={({ currentTarget: { value } }) => change({ show: value === 'waiting' ? '' : value })}
        options={shows}
      />
      {choice('camera', t.watch.coverage.camera, [
        ['', t.watch.camera.all],
        ...[...cameras.values()].map(({ id, name }) => [id, name] as const),
      ])}
      {choice('rule', words.rule, [['', words.anyRule], ...rules.map((rule) => [rule, rule] as const)])}
      {shownOf(filters['show']) !== 'suppressed' &&
        choice('severity', words.severity, [['', words.anySeverity], ...Object.entries(t.watch.severity)])}
    </div>
  );
}
