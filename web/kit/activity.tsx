import type { ReactNode } from 'react';
import type { Activity } from '../../src/client/index.ts';
import { t } from '../text/en.ts';
import { showMoment } from './format.ts';
import { Go } from './go.tsx';
import { useNames } from './me.ts';
import { Table, type Column } from './table.tsx';

/** What the ledger says, newest first. */
export function ActivityList({
  items,
  nameOfAsset,
}: {
  readonly items: readonly Activity[];
  /** Turns ids of files into their names where they are not all about one file. */
  readonly nameOfAsset?: (id: string) => string;
}): ReactNode {
  const nameOf = useNames();
  if (items.length === 0) return <p className="tw-quiet">{t.activity.none}</p>;
  const about: Column<Activity> = {
    title: t.activity.about,
    show: ({ subjects: { asset } }) =>
      asset !== undefined && <Go to={`/library/${asset}`}>{nameOfAsset?.(asset) ?? asset}</Go>,
  };
  return (
    <Table
      caption={t.activity.title}
      rows={items}
      id={({ index }) => String(index)}
      columns={[
        { title: t.activity.when, show: ({ at }) => showMoment(at) },
        { title: t.activity.what, show: ({ kind }) => t.activity.happened(kind) },
        ...(nameOfAsset === undefined ? [] : [about]),
        {
          title: t.activity.who,
          show: ({ actor }) => (actor === 'system' ? t.activity.system : nameOf(actor)),
        },
        { title: t.activity.place, numeric: true, show: ({ index }) => index },
      ]}
    />
  );
}

/** What an entry of the ledger is about: its case and file as links, anything else by its kind. */
export function About({ subjects }: { readonly subjects: Readonly<Record<string, string>> }): ReactNode {
  const { case: one, asset, ...others } = subjects;
  const kinds = Object.keys(others).join(', ');
  return (
    <span className="tw-row">
      {one !== undefined && <Go to={`/cases/${one}`}>{t.cases.one}</Go>}
      {asset !== undefined && <Go to={`/library/${asset}`}>{t.library.one}</Go>}
      {kinds !== '' && <span className="tw-quiet">{kinds}</span>}
    </span>
  );
}
