import { useState, type ReactNode } from 'react';
import { Button } from '../../../../../web/kit/form.tsx';
import { useFilters } from '../../../../../web/kit/go.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { More, useList } from '../../../../../web/kit/list.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { Choose } from '../choose.tsx';
import { keepers } from '../places.ts';
import { WatchPage } from '../watch-page.tsx';
import { useMoment } from '../zone.ts';
import { AddChannel } from './add-channel.tsx';
import { ChannelDetails } from './channel-details.tsx';
import type { Channel } from './choice.tsx';
import { placeOf } from './destination.tsx';

const words = t.watch.channels;
const AGAIN_MS = 5000;
const kinds: Readonly<Record<string, string>> = words.kinds;

/** Where incidents of a site are sent, and whether they arrive. */
export function ChannelsPage(): ReactNode {
  return (
    <WatchPage title={words.title} lead={words.lead}>
      {(site) => <Channels key={site} site={site} />}
    </WatchPage>
  );
}

function Channels({ site }: { readonly site: string }): ReactNode {
  return useMay()(keepers, site) ? <List site={site} /> : <p>{words.rights}</p>;
}

function List({ site }: { readonly site: string }): ReactNode {
  const showMoment = useMoment();
  const list = useList('listChannels', { params: { site } }, AGAIN_MS);
  const [filters, change] = useFilters();
  const [adding, setAdding] = useState(false);
  useKeys([{ key: 'n', does: words.add, run: () => setAdding(true) }]);
  const chosen = list.items.find(({ id }) => id === filters['channel']);
  return (
    <>
      <div className="tw-row">
        <Button onClick={() => setAdding(true)}>
          {words.add} <kbd>n</kbd>
        </Button>
      </div>
      {list.items.length === 0 ? (
        <Waiting query={list} empty={<p>{words.none}</p>} />
      ) : (
        <Table
          caption={words.title}
          rows={list.items}
          id={({ id }) => id}
          columns={[
            {
              title: words.name,
              show: ({ id, name }) => (
                <Choose
                  chosen={id === chosen?.id}
                  onChoose={() => change({ channel: id === chosen?.id ? '' : id })}
                >
                  {name}
                </Choose>
              ),
              by: ({ name }) => name,
            },
            { title: words.kind, show: ({ kind }) => kinds[kind] ?? kind, by: ({ kind }) => kind },
            { title: words.to, show: ({ destination }) => placeOf(destination) },
            { title: words.carries, show: carries },
            {
              title: words.last,
              show: ({ lastSentAt }) =>
                typeof lastSentAt === 'string' ? showMoment(lastSentAt) : words.never,
              by: ({ lastSentAt }) => lastSentAt ?? '',
            },
            { title: words.state, show: (channel) => <State channel={channel} /> },
          ]}
        />
      )}
      <More list={list} />
      {chosen !== undefined && (
        <ChannelDetails key={chosen.id} channel={chosen} onRemoved={() => change({ channel: '' })} />
      )}
      {adding && <AddChannel site={site} onClose={() => setAdding(false)} />}
    </>
  );
}

function carries({ choice: { severities = [], steps = [] } }: Channel): string {
  const all = Object.keys(words.stepNames).length;
  return words.carriesOf(
    severities.map((one) => t.watch.severity[one]).join(', '),
    steps.length === all ? words.allSteps : steps.map((one) => words.stepNames[one]).join(', '),
  );
}

/** Whether what is sent arrives. */
function State({ channel }: { readonly channel: Channel }): ReactNode {
  const showMoment = useMoment();
  const { enabled, problem, retryAt, waiting, dead, lastSentAt } = channel;
  const [why, again] = [problem ?? undefined, retryAt ?? undefined];
  return (
    <>
      {!enabled ? (
        <span className="ww-mark">{words.off}</span>
      ) : why !== undefined ? (
        <strong className="ww-clock--over">{words.failing(why)}</strong>
      ) : lastSentAt === null ? (
        words.unused
      ) : (
        words.works
      )}
      <span className="tw-quiet tw-block">
        {again !== undefined && `${words.again(showMoment(again))} `}
        {waiting > 0 && `${words.waiting(waiting)} `}
        {dead > 0 && words.dead(dead)}
      </span>
    </>
  );
}
