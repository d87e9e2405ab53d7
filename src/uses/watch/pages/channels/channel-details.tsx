import { useState, type ReactNode } from 'react';
import { useDo } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Button, Field, Form } from '../../../../../web/kit/form.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { More, useList } from '../../../../../web/kit/list.tsx';
import { Section } from '../../../../../web/kit/page.tsx';
import { Problem, Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { ChoiceFields, choiceOf, type Channel } from './choice.tsx';
import { useMoment } from '../zone.ts';

const words = t.watch.channels;
const AGAIN_MS = 3000;
const stepNames: Readonly<Record<string, string>> = words.stepNames;

/** One channel: a test, a change, and what became of each message. */
export function ChannelDetails({
  channel,
  onRemoved,
}: {
  readonly channel: Channel;
  readonly onRemoved: () => void;
}): ReactNode {
  const params = { id: channel.id };
  const refreshed = ['listChannels', 'listChannelMessages'] as const;
  const test = useDo('testChannel', refreshed);
  const retry = useDo('retryChannel', refreshed);
  const change = useDo('changeChannel', refreshed);
  const remove = useDo('removeChannel', ['listChannels']);
  const [open, setOpen] = useState<'change' | 'remove'>();
  const [said, setSaid] = useState('');
  const tell = (what: string) => ({ onSuccess: () => setSaid(what) });
  const send = (): void => test.mutate({ params }, tell(words.tested));
  useKeys([{ key: 't', does: words.test, run: send }]);
  return (
    <Section
      title={channel.name}
      actions={
        <>
          <Button title={words.testHint} onClick={send}>
            {words.test} <kbd>t</kbd>
          </Button>
          <Button onClick={() => retry.mutate({ params }, tell(words.retried))}>{words.retry}</Button>
          <Button onClick={() => setOpen('change')}>{words.change}</Button>
          <Button
            onClick={() =>
              change.mutate({ params, body: { enabled: !channel.enabled } }, tell(words.changed))
            }
          >
            {channel.enabled ? words.switchOff : words.switchOn}
          </Button>
          <Button onClick={() => setOpen('remove')}>{words.remove}</Button>
        </>
      }
    >
      <Problem error={test.error ?? retry.error ?? change.error} />
      <p role="status">{said}</p>
      <Messages id={channel.id} />
      {open === 'change' && (
        <Dialog title={words.change} onClose={() => setOpen(undefined)} wide>
          <Form
            className="ww-wide"
            send={words.change}
            onSend={async (values) => {
              const body = { name: values['name'] ?? '', choice: choiceOf(values) };
              await change.mutateAsync({ params, body });
              setSaid(words.changed);
              setOpen(undefined);
            }}
          >
            <p className="tw-quiet">{words.fixed}</p>
            <Field label={words.name} name="name" required maxLength={100} defaultValue={channel.name} />
            <ChoiceFields choice={channel.choice} />
          </Form>
        </Dialog>
      )}
      {open === 'remove' && (
        <Dialog title={`${words.remove}: ${channel.name}`} onClose={() => setOpen(undefined)}>
          <Form
            send={words.remove}
            onSend={async () => {
              await remove.mutateAsync({ params });
              onRemoved();
            }}
          >
            <p>{words.removeLead}</p>
          </Form>
        </Dialog>
      )}
    </Section>
  );
}

function Messages({ id }: { readonly id: string }): ReactNode {
  const showMoment = useMoment();
  const list = useList('listChannelMessages', { params: { id } }, AGAIN_MS);
  return (
    <>
      <h3>{words.messages}</h3>
      {list.items.length === 0 ? (
        <Waiting query={list} empty={<p className="tw-quiet">{words.noMessages}</p>} />
      ) : (
        <Table
          caption={words.messages}
          rows={list.items}
          id={(message) => message.id}
          columns={[
            { title: words.at, show: ({ createdAt }) => showMoment(createdAt) },
            { title: words.what, show: ({ message }) => whatOf(message) },
            {
              title: words.became,
              show: ({ state, endedAt, problem }) =>
                [
                  words.states[state],
                  ...(typeof endedAt === 'string' ? [showMoment(endedAt)] : []),
                  ...(typeof problem === 'string' ? [problem] : []),
                ].join(' · '),
            },
            { title: words.tries, numeric: true, show: ({ tries }) => tries },
          ]}
        />
      )}
      <More list={list} />
    </>
  );
}

/** A message in words, from what it holds of them. */
function whatOf({ what, step, camera }: Readonly<Record<string, unknown>>): string {
  const named =
    typeof camera === 'object' && camera !== null && 'name' in camera ? [String(camera.name)] : [];
  const taken = typeof step === 'string' ? [stepNames[step] ?? step] : [];
  return [words.whats[String(what)] ?? String(what), ...named, ...taken].join(', ');
}
