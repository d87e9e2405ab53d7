import type { ReactNode } from 'react';
import type { Activity } from '../../src/client/index.ts';
import { t } from '../text/en.ts';
import { showMoment } from './format.ts';
import { useNames } from './me.ts';
import { Table } from './table.tsx';

/** What the ledger says, newest first. */
export function ActivityList({ items }: { readonly items: readonly Activity[] }): ReactNode {
  const nameOf = useNames();
  if (items.length === 0) return <p className="tw-quiet">{t.activity.none}</p>;
  return (
    <Table
      caption={t.activity.title}
      rows={items}
      id={({ index }) => String(index)}
      columns={[
        { title: t.activity.when, show: ({ at }) => showMoment(at) },
        { title: t.activity.what, show: ({ kind }) => t.activity.kinds[kind] ?? kind },
        {
          title: t.activity.who,
          show: ({ actor }) => (actor === 'system' ? t.activity.system : nameOf(actor)),
        },
        { title: t.activity.place, numeric: true, show: ({ index }) => index },
      ]}
    />
  );
}
