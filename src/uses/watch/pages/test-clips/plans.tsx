import { useState, type ReactNode } from 'react';
import { useDo, type Answer } from '../../../../../web/kit/api.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { More, useList } from '../../../../../web/kit/list.tsx';
import { Section } from '../../../../../web/kit/page.tsx';
import { Problem, Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { nameOfCamera, useEveryCamera } from '../site.ts';
import { useMoment } from '../zone.ts';
import { PlanClip } from './plan-clip.tsx';

const words = t.watch.testClips;
const AGAIN_MS = 5000;
type Plan = Answer<'listInjectionPlans'>['items'][number];

/** Which clips are played, and when. */
export function Plans({ site }: { readonly site: string }): ReactNode {
  const list = useList('listInjectionPlans', { params: { site } }, AGAIN_MS);
  const end = useDo('endInjectionPlan', ['listInjectionPlans']);
  const cameras = useEveryCamera(site);
  const showMoment = useMoment();
  const [planning, setPlanning] = useState(false);
  useKeys([{ key: 'n', does: words.add, run: () => setPlanning(true) }]);
  return (
    <Section
      title={words.plans}
      actions={
        <Button onClick={() => setPlanning(true)}>
          {words.add} <kbd>n</kbd>
        </Button>
      }
    >
      <Problem error={end.error} />
      {list.items.length === 0 ? (
        <Waiting query={list} empty={<p className="tw-quiet">{words.noPlans}</p>} />
      ) : (
        <Table
          caption={words.plans}
          rows={list.items}
          id={({ id }) => id}
          columns={[
            { title: words.reason, show: ({ reason }) => reason, by: ({ reason }) => reason },
            { title: words.camera, show: ({ camera }) => nameOfCamera(cameras, camera) },
            {
              title: words.expect,
              show: ({ expect }) => words.expectOf(expect.rule, expect.withinSeconds),
            },
            { title: words.when, show: whenOf },
            { title: words.next, show: (plan) => nextOf(plan, showMoment) },
            {
              title: words.end,
              show: (plan) =>
                plan.nextAt === null ? null : (
                  <Button
                    kind="unstyled"
                    aria-label={words.endOf(plan.reason)}
                    onClick={() => end.mutate({ params: { id: plan.id } })}
                  >
                    {words.end}
                  </Button>
                ),
            },
          ]}
        />
      )}
      <More list={list} />
      {planning && <PlanClip site={site} cameras={cameras} onClose={() => setPlanning(false)} />}
    </Section>
  );
}

function whenOf({ repeat }: Plan): string {
  if (repeat === null) return words.once;
  const { everyHours, hours } = repeat;
  return words.repeated(everyHours) + (hours === undefined ? '' : words.between(hours.from, hours.to));
}

function nextOf({ nextAt, endedAt, problem }: Plan, showMoment: (iso: string) => string): string {
  const next =
    typeof endedAt === 'string'
      ? words.ended(showMoment(endedAt))
      : typeof nextAt === 'string'
        ? showMoment(nextAt)
        : words.played;
  return typeof problem === 'string' ? `${next}: ${problem}` : next;
}
