import type { ReactNode } from 'react';
import { More, useList } from '../../../../../web/kit/list.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { SeveritySign, suppressedText } from '../signs.tsx';
import { asText, nameOfCamera, type Camera } from '../site.ts';
import { useSecond } from '../zone.ts';

const words = t.watch.alerts;

/** Rules that fired and nobody was shown: kept, to be found. */
export function SuppressedAlerts({
  site,
  filters: { camera, rule },
  cameras,
}: {
  readonly site: string;
  readonly filters: Readonly<Record<string, string>>;
  readonly cameras: ReadonlyMap<string, Camera>;
}): ReactNode {
  const showSecond = useSecond();
  const alerts = useList('listAlerts', {
    query: {
      ...{ site, suppressed: 'yes' as const },
      ...(camera === undefined ? {} : { camera }),
      ...(rule === undefined ? {} : { rule }),
    },
  });
  return (
    <>
      <p className="tw-lead">{words.suppressedLead}</p>
      {alerts.items.length === 0 ? (
        <Waiting query={alerts} empty={<p>{words.noneFound}</p>} />
      ) : (
        <Table
          caption={words.shows.suppressed}
          rows={alerts.items}
          id={({ id }) => id}
          columns={[
            { title: words.at, show: ({ at }) => showSecond(at), by: ({ at }) => at },
            { title: t.watch.coverage.camera, show: (one) => nameOfCamera(cameras, one.camera) },
            { title: words.rule, show: (one) => one.rule, by: (one) => one.rule },
            { title: words.severity, show: ({ severity }) => <SeveritySign severity={severity} /> },
            { title: words.what, show: ({ reason }) => asText(reason['text']) ?? '' },
            {
              title: words.why,
              show: ({ suppressed }) => suppressedText(asText(suppressed)),
            },
          ]}
        />
      )}
      <More list={alerts} />
    </>
  );
}
