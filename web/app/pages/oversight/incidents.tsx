import { useState, type ReactNode } from 'react';
import type { AiIncident } from '../../../../src/client/index.ts';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { showMomentAt } from '../../../kit/format.ts';
import { Area, Button, Form } from '../../../kit/form.tsx';
import { useMay, useNames } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { textIn } from './figures.tsx';
import { officeRoles } from './offices.ts';
import { ReportIncident } from './report-incident.tsx';

const words = t.oversight.stops;

/** Incidents: what happened, who was told, what came of it. */
export function IncidentsSection(): ReactNode {
  const incidents = useApi('listAiIncidents', {});
  const [reporting, setReporting] = useState(false);
  const [reported, setReported] = useState<string>();
  const nameOf = useNames();
  const items = incidents.data?.items ?? [];
  return (
    <Section
      title={words.incidents}
      actions={<Button onClick={() => setReporting(true)}>{words.report}</Button>}
    >
      {reported !== undefined && <p role="status">{reported}</p>}
      <Waiting query={incidents} empty={items.length === 0 && <p>{words.noIncidents}</p>} />
      {items.length > 0 && (
        <Table
          caption={words.incidents}
          rows={items}
          id={({ id }) => id}
          columns={[
            { title: t.oversight.use, show: ({ use }) => titleOf(use) },
            { title: words.severity, show: ({ severity }) => words.severities[severity] },
            { title: words.happened, show: ({ what }) => what },
            { title: words.at, show: ({ happenedAt }) => showMomentAt(happenedAt) },
            {
              title: words.told,
              show: ({ told, toldOutside }) => (
                <details>
                  <summary>{words.people(told.length)}</summary>
                  {[...told.map(nameOf), ...toldOutside].join(', ')}
                </details>
              ),
            },
            {
              title: words.state,
              show: ({ closedAt, resolution, suspension }) => {
                if (closedAt !== null) return `${showMomentAt(closedAt)}: ${textIn(resolution)}`;
                return suspension === null ? words.open : words.stoppedFor;
              },
            },
            { title: words.actions, show: (one) => one.closedAt === null && <Actions incident={one} /> },
          ]}
        />
      )}
      {reporting && <ReportIncident onClose={() => setReporting(false)} onReported={setReported} />}
    </Section>
  );
}

function Actions({ incident: { id, use, suspension } }: { readonly incident: AiIncident }): ReactNode {
  const suspend = useDo('suspendForIncident', ['listAiIncidents', 'listSuspensions', 'listRegistrations']);
  const close = useDo('closeIncident', ['listAiIncidents']);
  const [doing, setDoing] = useState<'stop' | 'close'>();
  const end = (): void => setDoing(undefined);
  const may = useMay();
  return (
    <div className="tw-row">
      {suspension === null && (
        <Button kind="unstyled" onClick={() => setDoing('stop')}>
          {words.stopUse}
        </Button>
      )}
      {may(Object.values(officeRoles)) && (
        <Button kind="unstyled" onClick={() => setDoing('close')}>
          {words.close}
        </Button>
      )}
      {doing === 'stop' && (
        <Dialog title={words.stopUseTitle(titleOf(use))} onClose={end}>
          <p>{words.what}</p>
          <Form
            send={words.confirm}
            onSend={async ({ reason = '' }) => {
              await suspend.mutateAsync({ params: { id }, body: { reason } });
              end();
            }}
          >
            <Area label={words.reason} name="reason" required minLength={3} maxLength={4000} rows={3} />
          </Form>
        </Dialog>
      )}
      {doing === 'close' && (
        <Dialog title={words.closeTitle} onClose={end}>
          <Form
            send={words.closeTitle}
            onSend={({ resolution = '' }) => close.mutateAsync({ params: { id }, body: { resolution } })}
          >
            <Area
              label={words.resolution}
              name="resolution"
              required
              minLength={10}
              maxLength={8000}
              rows={4}
            />
          </Form>
        </Dialog>
      )}
    </div>
  );
}
