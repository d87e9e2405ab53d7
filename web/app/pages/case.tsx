import { useState, type ReactNode } from 'react';
import type { Asset, Case } from '../../../src/client/index.ts';
import { ActivityList } from '../../kit/activity.tsx';
import { useApi, useDo } from '../../kit/api.ts';
import { AssetTable } from '../../kit/assets.tsx';
import { Deadline } from '../../kit/deadline.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { showDay, showMoment } from '../../kit/format.ts';
import { Button, Choice, Field, Form } from '../../kit/form.tsx';
import { Go, useIdOfPage } from '../../kit/go.tsx';
import { JobAbout, JobProgress } from '../../kit/job.tsx';
import { More, useList } from '../../kit/list.tsx';
import { useKeys } from '../../kit/keys.tsx';
import { useMay, useNames, workers, useSiteNames } from '../../kit/me.ts';
import { Facts, Page, Section } from '../../kit/page.tsx';
import { Waiting } from '../../kit/problem.tsx';
import { Table } from '../../kit/table.tsx';
import { Uploader } from '../../kit/uploader.tsx';
import { t } from '../../text/en.ts';
import { titleOf, uses } from '../uses.ts';
import { CasePeople, EditCase, ExtendCase, Extensions } from './case-changes.tsx';

/** One case: what it is, what it holds, what was done and handed over. */
export function CasePage(): ReactNode {
  const id = useIdOfPage();
  const found = useApi('getCase', { params: { id } });
  if (found.data === undefined)
    return (
      <Page title={t.cases.one} above={[['/cases', t.cases.title]]}>
        <Waiting query={found} />
      </Page>
    );
  return <Shown one={found.data} />;
}

function Shown({ one }: { readonly one: Case }): ReactNode {
  const params = { id: one.id };
  const assets = useList('listAssets', { params });
  const jobs = useApi('listJobs', { query: { case: one.id, limit: 20 } });
  const releases = useList('listReleases', { params });
  const activity = useApi('listCaseActivity', { params }, { everyMs: 5000 });
  const change = useDo('changeCase', ['getCase', 'listCases', 'listCaseActivity', 'getToday']);
  const exhibits = assets.items.filter(({ role }) => ['original', 'output', 'record'].includes(role));
  const [dialog, setDialog] = useState<'edit' | 'extend' | 'release'>();
  const nameOf = useNames();
  const siteOf = useSiteNames();
  const may = useMay();
  const mayWork = may(workers, one.site);
  const mayExtend = mayWork && one.dueAt !== null && one.state === 'open';
  const outputs = assets.items.filter(({ role, erasedAt }) => role === 'output' && erasedAt === null);
  const mayRelease = may(['officer', 'supervisor', 'privacy', 'admin'], one.site) && outputs.length > 0;
  useKeys([
    ...(mayWork ? [{ key: 'e', does: t.cases.edit, run: () => setDialog('edit') }] : []),
    ...(mayExtend ? [{ key: 'x', does: t.cases.extend, run: () => setDialog('extend') }] : []),
    ...(mayRelease ? [{ key: 'r', does: t.releases.send, run: () => setDialog('release') }] : []),
  ]);
  const nameOfAsset = (id: string): string =>
    assets.items.find((asset) => asset.id === id)?.name ?? t.activity.madeForViewing;
  return (
    <Page
      title={one.title}
      above={[['/cases', t.cases.title]]}
      actions={
        mayWork && (
          <>
            <Button onClick={() => setDialog('edit')}>{t.cases.edit}</Button>
            {mayExtend && <Button onClick={() => setDialog('extend')}>{t.cases.extend}</Button>}
            <Button
              onClick={() =>
                change.mutate({
                  params,
                  body: { state: one.state === 'open' ? 'closed' : 'open' },
                  ifMatch: `"${one.version}"`,
                })
              }
            >
              {one.state === 'open' ? t.cases.close : t.cases.reopen}
            </Button>
          </>
        )
      }
    >
      <Waiting query={{ isPending: false, error: change.error }} />
      <Facts
        facts={[
          [t.cases.due, <Deadline key="due" dueAt={one.dueAt} closed={one.state === 'closed'} />],
          [t.cases.number, one.number],
          [t.cases.kind, t.cases.kinds[one.kind]],
          [t.cases.received, showDay(one.receivedAt)],
          [t.cases.state, t.cases.states[one.state]],
          [t.cases.use, titleOf(one.use)],
          [t.cases.site, siteOf(one.site)],
          [t.cases.opened, showMoment(one.createdAt)],
        ]}
      />
      <CasePeople one={one} mayWork={mayWork} />
      <Extensions one={one} />
      {uses.map(({ use, CaseWork }) => CaseWork !== undefined && <CaseWork key={use} caseId={one.id} />)}
      <Section title={t.cases.exhibits}>
        {mayWork && one.state === 'open' && <Uploader caseId={one.id} />}
        <Waiting
          query={assets}
          empty={exhibits.length === 0 && <p className="tw-quiet">{t.cases.noExhibits}</p>}
        />
        {exhibits.length > 0 && <AssetTable assets={exhibits} caption={t.cases.exhibits} numbered />}
        <More list={assets} />
      </Section>
      {(jobs.data?.items.length ?? 0) > 0 && (
        <Section title={t.jobs.title}>
          {jobs.data?.items.map((job) => (
            <div key={job.id} className="tw-row tw-line">
              <span>
                <JobAbout job={job} /> <span className="tw-quiet">{showMoment(job.createdAt)}</span>
              </span>
              <JobProgress id={job.id} />
            </div>
          ))}
        </Section>
      )}
      <Section
        title={t.releases.title}
        actions={mayRelease && <Button onClick={() => setDialog('release')}>{t.releases.send}</Button>}
      >
        {!releases.isPending && releases.items.length === 0 && <p className="tw-quiet">{t.releases.none}</p>}
        {releases.items.length > 0 && (
          <Table
            caption={t.releases.title}
            rows={releases.items}
            id={({ id }) => id}
            columns={[
              {
                title: t.releases.what,
                show: ({ asset }) => <Go to={`/library/${asset}`}>{nameOfAsset(asset)}</Go>,
              },
              { title: t.releases.recipient, show: ({ recipient }) => recipient },
              { title: t.releases.basis, show: ({ basis }) => basis },
              { title: t.releases.by, show: ({ releasedBy }) => nameOf(releasedBy) },
              { title: t.activity.when, show: ({ createdAt }) => showMoment(createdAt) },
            ]}
          />
        )}
        <More list={releases} />
      </Section>
      <Section title={t.activity.title}>
        <ActivityList items={activity.data?.items ?? []} nameOfAsset={nameOfAsset} />
      </Section>
      {dialog === 'edit' && <EditCase one={one} onClose={() => setDialog(undefined)} />}
      {dialog === 'extend' && <ExtendCase one={one} onClose={() => setDialog(undefined)} />}
      {dialog === 'release' && <Release one={one} outputs={outputs} onClose={() => setDialog(undefined)} />}
    </Page>
  );
}

function Release({
  one,
  outputs,
  onClose,
}: {
  readonly one: Case;
  readonly outputs: readonly Asset[];
  readonly onClose: () => void;
}): ReactNode {
  const release = useDo('release', ['listReleases', 'listCaseActivity', 'getToday']);
  return (
    <Dialog title={t.releases.send} onClose={onClose}>
      <p>{t.releases.lead}</p>
      <Form
        send={t.releases.send}
        onSend={async ({ asset = '', recipient = '', basis = '' }) => {
          await release.mutateAsync({ params: { id: one.id }, body: { asset, recipient, basis } });
          onClose();
        }}
      >
        <Choice label={t.releases.what} name="asset" options={outputs.map(({ id, name }) => [id, name])} />
        <Field label={t.releases.recipient} name="recipient" required minLength={3} maxLength={300} />
        <Field
          label={t.releases.basis}
          hint={t.releases.basisHint}
          name="basis"
          required
          minLength={3}
          maxLength={1000}
        />
      </Form>
    </Dialog>
  );
}
