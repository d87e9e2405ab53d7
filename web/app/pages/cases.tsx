import { useState, type ReactNode } from 'react';
import type { Case } from '../../../src/client/index.ts';
import { useApi, useDo } from '../../kit/api.ts';
import { Deadline } from '../../kit/deadline.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { dayOf, endOfDay, noonOf, showDay } from '../../kit/format.ts';
import { Button, Choice, Field, Form } from '../../kit/form.tsx';
import { Go, useFilters, useGo } from '../../kit/go.tsx';
import { More, useList } from '../../kit/list.tsx';
import { useKeys } from '../../kit/keys.tsx';
import { useMay, useNames, useSession, workers, useSiteNames } from '../../kit/me.ts';
import { Page } from '../../kit/page.tsx';
import { Waiting } from '../../kit/problem.tsx';
import { Table } from '../../kit/table.tsx';
import { t } from '../../text/en.ts';
import { titleOf, uses } from '../uses.ts';
import { kindOptions } from './case-changes.tsx';

const FAR = '9999';

function isKind(text: string): text is Case['kind'] {
  return text in t.cases.kinds;
}

/** All cases, by what is due first. */
export function CasesPage(): ReactNode {
  const [filters, change] = useFilters();
  const { state = 'open', use = '', site = '', words = '', kind = '', whose = '', order = 'due' } = filters;
  const { person } = useSession();
  const cases = useList('listCases', {
    query: {
      ...(state === 'open' || state === 'closed' ? { state } : {}),
      ...(use === '' ? {} : { use }),
      ...(site === '' ? {} : { site }),
      ...(words === '' ? {} : { words }),
      ...(isKind(kind) ? { kind } : {}),
      ...(whose === 'mine' && person !== undefined ? { person: person.id } : {}),
      order: order === 'received' || order === 'opened' ? order : 'due',
    },
  });
  const sites = useApi('listSites', {});
  const siteOf = useSiteNames();
  const nameOf = useNames();
  const [opening, setOpening] = useState(false);
  const may = useMay();
  const mayOpen = sites.data?.items.some(({ id }) => may(workers, id)) === true;
  useKeys(mayOpen ? [{ key: 'n', does: t.cases.open, run: () => setOpening(true) }] : []);
  const rows = cases.items;
  return (
    <Page
      title={t.cases.title}
      actions={
        mayOpen && (
          <Button kind="plain" onClick={() => setOpening(true)}>
            {t.cases.open}
          </Button>
        )
      }
    >
      <div className="tw-filters" data-filter>
        <Field
          label={t.cases.words}
          type="search"
          value={words}
          onChange={({ currentTarget: { value } }) => change({ words: value })}
        />
        <Choice
          label={t.cases.state}
          value={state}
          onChange={({ currentTarget: { value } }) => change({ state: value })}
          options={[
            ['open', t.cases.states.open],
            ['closed', t.cases.states.closed],
            ['all', t.cases.all],
          ]}
        />
        <Choice
          label={t.cases.kind}
          value={kind}
          onChange={({ currentTarget: { value } }) => change({ kind: value })}
          options={[['', t.cases.all], ...kindOptions]}
        />
        <Choice
          label={t.cases.whose}
          value={whose}
          onChange={({ currentTarget: { value } }) => change({ whose: value })}
          options={[
            ['', t.cases.everybodys],
            ['mine', t.cases.mine],
          ]}
        />
        <Choice
          label={t.cases.orderBy}
          value={order}
          onChange={({ currentTarget: { value } }) => change({ order: value })}
          options={Object.entries(t.cases.orders)}
        />
        <Choice
          label={t.cases.use}
          value={use}
          onChange={({ currentTarget: { value } }) => change({ use: value })}
          options={[['', t.cases.all], ...uses.map((one) => [one.use, one.title] as const)]}
        />
        <Choice
          label={t.cases.site}
          value={site}
          onChange={({ currentTarget: { value } }) => change({ site: value })}
          options={[
            ['', t.cases.all],
            ...(sites.data?.items ?? []).map(({ id, name }) => [id, name] as const),
          ]}
        />
      </div>
      <Waiting query={cases} empty={rows.length === 0 && <p>{t.cases.none}</p>} />
      {rows.length > 0 && (
        <Table
          caption={t.cases.title}
          rows={rows}
          id={({ id }) => id}
          columns={[
            {
              title: t.cases.name,
              show: ({ id, title }) => <Go to={`/cases/${id}`}>{title}</Go>,
              by: ({ title }) => title.toLowerCase(),
            },
            { title: t.cases.number, show: ({ number }) => number, by: ({ number }) => number },
            {
              title: t.cases.kind,
              show: ({ kind: what }) => t.cases.kinds[what],
              by: ({ kind: what }) => t.cases.kinds[what],
            },
            {
              title: t.cases.received,
              show: ({ receivedAt }) => showDay(receivedAt),
              by: ({ receivedAt }) => receivedAt,
            },
            {
              title: t.cases.due,
              show: ({ dueAt, state: now }) => <Deadline dueAt={dueAt} closed={now === 'closed'} />,
              by: ({ dueAt }) => dueAt ?? FAR,
            },
            { title: t.cases.owner, show: ({ owner }) => nameOf(owner), by: ({ owner }) => nameOf(owner) },
            {
              title: t.cases.use,
              show: ({ use: name }) => titleOf(name),
              by: ({ use: name }) => titleOf(name),
            },
            { title: t.cases.site, show: ({ site: at }) => siteOf(at), by: ({ site: at }) => siteOf(at) },
            {
              title: t.cases.state,
              show: ({ state: now }) => t.cases.states[now],
              by: ({ state: now }) => now,
            },
          ]}
        />
      )}
      <More list={cases} />
      {opening && (
        <OpenCase
          sites={(sites.data?.items ?? []).filter(({ id }) => may(workers, id))}
          onClose={() => setOpening(false)}
        />
      )}
    </Page>
  );
}

function OpenCase({
  sites,
  onClose,
}: {
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  readonly onClose: () => void;
}): ReactNode {
  const open = useDo('openCase', ['listCases', 'getToday']);
  const today = dayOf(new Date().toISOString());
  const [kind, setKind] = useState<Case['kind']>('foia');
  const [site, setSite] = useState(sites[0]?.id ?? '');
  const [received, setReceived] = useState('');
  const { data: usual } = useApi('proposeDeadline', {
    query: { kind, site, received: noonOf(received === '' ? today : received) },
  });
  const go = useGo();
  return (
    <Dialog title={t.cases.open} onClose={onClose}>
      <Form
        send={t.cases.openSend}
        onSend={async ({ title = '', use = '', due = '', number = '' }) => {
          const { id } = await open.mutateAsync({
            body: {
              ...{ title, site, use, kind },
              ...(number === '' ? {} : { number }),
              ...(received === '' ? {} : { receivedAt: noonOf(received) }),
              ...(due === '' ? {} : { dueAt: endOfDay(due) }),
            },
          });
          go(`/cases/${id}`);
        }}
      >
        <Field label={t.cases.name} hint={t.cases.nameHint} name="title" required maxLength={300} />
        <Choice
          label={t.cases.kind}
          value={kind}
          onChange={({ currentTarget: { value } }) => setKind(isKind(value) ? value : 'internal')}
          options={kindOptions}
        />
        <Field label={t.cases.number} hint={t.cases.numberHint} name="number" maxLength={63} />
        <Field
          label={t.cases.received}
          hint={t.cases.receivedHint}
          type="date"
          max={today}
          value={received}
          onChange={({ currentTarget: { value } }) => setReceived(value)}
        />
        <Choice
          label={t.cases.site}
          value={site}
          onChange={({ currentTarget: { value } }) => setSite(value)}
          options={sites.map(({ id, name }) => [id, name])}
        />
        <Choice label={t.cases.use} name="use" options={uses.map((one) => [one.use, one.title])} />
        <Field
          label={t.cases.due}
          hint={
            typeof usual?.dueAt === 'string'
              ? t.cases.usualDue(showDay(usual.dueAt), String(usual.basis))
              : t.cases.dueHint
          }
          name="due"
          type="date"
        />
      </Form>
    </Dialog>
  );
}
