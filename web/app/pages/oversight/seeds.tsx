import { useState, type ReactNode } from 'react';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { showPercent } from '../../../kit/format.ts';
import { Area, Button, Choice, Field, Form } from '../../../kit/form.tsx';
import { Section } from '../../../kit/page.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { Share, UseField } from './figures.tsx';

const words = t.oversight.seeds;

/** Which queues are seeded, and what that tells of groups of people; never of one. */
export function SeedsPart(): ReactNode {
  const plans = useApi('listSeedPlans', {});
  const measures = useApi('measureSeeds', {});
  const sites = useApi('listSites', {});
  const [items = [], groups = []] = [plans.data?.items, measures.data?.items];
  const end = useDo('endSeeds', ['listSeedPlans']);
  const begin = useDo('planSeeds', ['listSeedPlans']);
  const stock = useDo('stockSeeds', ['listSeedPlans']);
  const [stocking, setStocking] = useState<(typeof items)[number]>();
  return (
    <>
      <Section title={words.plans}>
        <Problem error={end.error} />
        {stock.data !== undefined && <p role="status">{words.made(stock.data.made)}</p>}
        <Waiting query={plans} empty={items.length === 0 && <p>{words.noPlans}</p>} />
        {items.length > 0 && (
          <Table
            caption={words.plans}
            rows={items}
            id={({ id }) => id}
            columns={[
              { title: t.oversight.use, show: ({ use }) => titleOf(use) },
              { title: words.site, show: ({ site }) => site },
              { title: words.kind, show: ({ kind }) => kind },
              { title: words.rate, numeric: true, show: ({ rate }) => showPercent(rate) },
              { title: words.wrong, numeric: true, show: ({ wrongShare }) => showPercent(wrongShare) },
              { title: words.stock, numeric: true, show: ({ stock }) => stock },
              {
                title: words.fill,
                show: (plan) =>
                  plan.endedAt === null && (
                    <Button
                      kind="unstyled"
                      aria-label={words.fillOf(titleOf(plan.use), plan.site)}
                      onClick={() => setStocking(plan)}
                    >
                      {words.fill}
                    </Button>
                  ),
              },
              {
                title: words.end,
                show: ({ id, use, site, endedAt }) =>
                  endedAt === null ? (
                    <Button
                      kind="unstyled"
                      aria-label={words.endOf(titleOf(use), site)}
                      onClick={() => end.mutate({ params: { id } })}
                    >
                      {words.end}
                    </Button>
                  ) : (
                    words.ended
                  ),
              },
            ]}
          />
        )}
      </Section>
      {stocking !== undefined && (
        <Dialog
          title={words.fillOf(titleOf(stocking.use), stocking.site)}
          onClose={() => setStocking(undefined)}
        >
          <Form
            send={words.fill}
            onSend={async ({ count = '' }) => {
              await stock.mutateAsync({ params: { id: stocking.id }, body: { count: Number(count) } });
              setStocking(undefined);
            }}
          >
            <Field
              label={words.count}
              hint={words.countHint}
              name="count"
              type="number"
              min={1}
              max={500}
              required
            />
          </Form>
        </Dialog>
      )}
      <Section title={words.measures}>
        <Waiting query={measures} empty={groups.length === 0 && <p>{words.noMeasures}</p>} />
        {groups.length > 0 && (
          <Table
            caption={words.measures}
            rows={groups}
            id={({ use, month }) => `${use} ${month}`}
            columns={[
              { title: t.oversight.use, show: ({ use }) => titleOf(use) },
              { title: words.month, show: ({ month }) => month },
              { title: words.people, numeric: true, show: ({ people }) => people },
              {
                title: words.override,
                show: ({ measured }) => (measured === null ? words.few : <Share {...measured.override} />),
              },
              {
                title: words.rejected,
                show: ({ measured }) =>
                  measured === null ? words.few : <Share {...measured.rejectedRight} />,
              },
              {
                title: words.bias,
                show: ({ measured }) => (measured === null ? words.few : <Share {...measured.bias} />),
              },
            ]}
          />
        )}
      </Section>
      <Section title={words.begin}>
        <Form
          send={words.send}
          onSend={({ use = '', site = '', kind = '', rate = '', reason = '' }) =>
            begin.mutateAsync({ body: { use, site, kind, reason, rate: Number(rate) / 100 } })
          }
        >
          <UseField />
          <Choice
            label={words.site}
            name="site"
            options={(sites.data?.items ?? []).map(({ id, name }) => [id, name] as const)}
          />
          <Field label={words.kind} hint={words.kindHint} name="kind" required maxLength={63} />
          <Field label={words.rateOf100} name="rate" type="number" min={1} max={20} required />
          <Area label={words.reason} name="reason" required minLength={3} rows={2} />
        </Form>
      </Section>
    </>
  );
}
