import { useState, type ReactNode } from 'react';
import { useApi } from '../../../kit/api.ts';
import { showMoment } from '../../../kit/format.ts';
import { Button } from '../../../kit/form.tsx';
import { useNames } from '../../../kit/me.ts';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';

/** What was refused, newest first, page by page. */
export function RefusalsPart(): ReactNode {
  const [before, setBefore] = useState<number>();
  const refusals = useApi('listRefusals', { query: before === undefined ? {} : { before } });
  const nameOf = useNames();
  const items = refusals.data?.items ?? [];
  const next = refusals.data?.next;
  return (
    <>
      <Waiting query={refusals} empty={items.length === 0 && <p>{t.refusals.none}</p>} />
      {items.length > 0 && (
        <Table
          caption={t.refusals.title}
          rows={items}
          id={({ id }) => String(id)}
          columns={[
            { title: t.refusals.when, show: ({ at }) => showMoment(at) },
            { title: t.refusals.kind, show: ({ kind }) => t.refusals.kinds[kind] ?? kind },
            { title: t.refusals.address, show: ({ address }) => address },
            {
              title: t.refusals.person,
              show: ({ person }) => (person === null ? t.refusals.unknown : nameOf(person)),
            },
            { title: t.refusals.count, numeric: true, show: ({ count }) => count },
          ]}
        />
      )}
      {next !== undefined && <Button onClick={() => setBefore(next)}>{t.admin.more}</Button>}
    </>
  );
}
