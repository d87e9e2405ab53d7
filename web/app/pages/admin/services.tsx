import type { ReactNode } from 'react';
import { useApi, useDo } from '../../../kit/api.ts';
import { showDuration, showMoment } from '../../../kit/format.ts';
import { Button } from '../../../kit/form.tsx';
import { More, useList } from '../../../kit/list.tsx';
import { useSiteNames } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';

const EVERY_MS = 10_000;

/** Work that does not end, and what the platform does by itself. */
export function ServicesPart(): ReactNode {
  const siteOf = useSiteNames();
  const services = useList('listServices', {}, EVERY_MS);
  const stop = useDo('stopService', ['listServices']);
  const start = useDo('startService', ['listServices']);
  const { items } = services;
  return (
    <>
      <Problem error={stop.error ?? start.error} />
      <Waiting query={services} empty={items.length === 0 && <p>{t.services.none}</p>} />
      {items.length > 0 && (
        <Table
          caption={t.services.title}
          rows={items}
          id={({ id }) => id}
          columns={[
            { title: t.cases.use, show: ({ use, kind }) => `${titleOf(use)}: ${kind}` },
            { title: t.cases.site, show: ({ site }) => siteOf(site) },
            { title: t.cases.state, show: ({ state }) => t.services.states[state] },
            {
              title: t.services.heartbeat,
              show: ({ heartbeatAt }) => (heartbeatAt === null ? '' : showMoment(heartbeatAt)),
            },
            { title: t.services.restarts, numeric: true, show: ({ restarts }) => restarts },
            {
              title: t.services.error,
              show: ({ lastError }) => lastError !== null && `${lastError.message}. ${lastError.remedy}`,
            },
            {
              title: t.services.action,
              show: ({ id, wanted }) => (
                <Button
                  kind="unstyled"
                  onClick={() => (wanted === 'running' ? stop : start).mutate({ params: { id } })}
                >
                  {wanted === 'running' ? t.services.stop : t.services.start}
                </Button>
              ),
            },
          ]}
        />
      )}
      <More list={services} />
      <Chores />
    </>
  );
}

function Chores(): ReactNode {
  const chores = useApi('listChores', {}, { everyMs: EVERY_MS });
  return (
    <Section title={t.services.chores}>
      <Waiting query={chores} />
      <Table
        caption={t.services.chores}
        rows={chores.data?.items ?? []}
        id={({ name }) => name}
        columns={[
          { title: t.services.chore, show: ({ name }) => t.services.choreNames[name] ?? name },
          { title: t.services.every, numeric: true, show: ({ everySeconds }) => showDuration(everySeconds) },
          { title: t.cases.state, show: ({ state }) => t.services.choreStates[state] },
          {
            title: t.services.last,
            show: ({ finishedAt }) => (finishedAt === null ? t.tokens.never : showMoment(finishedAt)),
          },
          { title: t.services.due, show: ({ dueAt }) => showMoment(dueAt) },
          {
            title: t.services.error,
            show: ({ error }) => error !== null && `${error.message}. ${error.remedy}`,
          },
        ]}
      />
    </Section>
  );
}
