import { useState, type ReactNode } from 'react';
import type { QuestionThread, UseRegistration } from '../../../../src/client/index.ts';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { showMomentAt } from '../../../kit/format.ts';
import { Area, Button, Choice, Form } from '../../../kit/form.tsx';
import { useKeys } from '../../../kit/keys.tsx';
import { useMay, useNames, useSession, type Role } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { t } from '../../../text/en.ts';
import { officeNames, officeRoles, type Office } from './offices.ts';

const words = t.oversight.threads;
/** Who may put a version forward answers for it. */
const answerers: readonly Role[] = ['supervisor', 'ai-governance', 'admin'];
const changed = ['listQuestions', 'listRegistrations'] as const;

/** What offices ask about a version, and what they are answered. a asks, r replies to the first question that waits. */
export function QuestionsSection({ registration }: { readonly registration: UseRegistration }): ReactNode {
  const { id, author } = registration;
  const { person } = useSession();
  const may = useMay();
  const threads = useApi('listQuestions', { params: { id } });
  const [asking, setAsking] = useState(false);
  const [replying, setReplying] = useState<QuestionThread>();
  const items = threads.data?.items ?? [];
  const mine = author === person?.id ? [] : officeNames.filter((office) => may([officeRoles[office]]));
  const sideIn = ({ office, settledAt }: QuestionThread): 'asks' | 'answers' | undefined => {
    if (settledAt !== null) return undefined;
    if (mine.includes(office)) return 'asks';
    return author === person?.id || may(answerers) ? 'answers' : undefined;
  };
  const waiting = items.find((thread) => sideIn(thread) !== undefined);
  useKeys([
    ...(mine.length === 0 ? [] : [{ key: 'a', does: words.ask, run: () => setAsking(true) }]),
    ...(waiting === undefined ? [] : [{ key: 'r', does: words.replyFirst, run: () => setReplying(waiting) }]),
  ]);
  return (
    <Section title={words.title}>
      <Waiting query={threads} empty={items.length === 0 && <p>{words.none}</p>} />
      {items.map((thread) => (
        <Thread
          key={thread.id}
          thread={thread}
          side={sideIn(thread)}
          settles={mine.includes(thread.office)}
          onReply={() => setReplying(thread)}
        />
      ))}
      {mine.length > 0 && (
        <Button onClick={() => setAsking(true)}>
          {words.ask} <kbd>a</kbd>
        </Button>
      )}
      {asking && <Ask id={id} offices={mine} onClose={() => setAsking(false)} />}
      {replying !== undefined && (
        <Reply thread={replying} side={sideIn(replying)} onClose={() => setReplying(undefined)} />
      )}
    </Section>
  );
}

function Thread({
  thread: { id, office, words: said, settledAt, settledBy },
  side,
  settles,
  onReply,
}: {
  readonly thread: QuestionThread;
  /** On which whoever looks may speak. */
  readonly side: 'asks' | 'answers' | undefined;
  readonly settles: boolean;
  readonly onReply: () => void;
}): ReactNode {
  const nameOf = useNames();
  const settle = useDo('settleQuestion', changed);
  const about = words.of(t.oversight.offices[office], said[0]?.said ?? '');
  return (
    <article className="tw-panel" aria-label={about}>
      <div className="tw-title">
        <h3>{t.oversight.offices[office]}</h3>
        <span className={`ov-state ov-state--${settledAt === null ? 'waiting' : 'signed'}`}>
          {settledAt === null ? words.open : words.settled(nameOf(settledBy ?? ''), showMomentAt(settledAt))}
        </span>
      </div>
      <dl className="ov-answers">
        {said.map((word) => (
          <div key={word.at + word.said}>
            <dt>
              {words.sides[word.side]}: {nameOf(word.person)}, {words.roles[word.role] ?? word.role}
              <span className="tw-quiet">, {showMomentAt(word.at)}</span>
            </dt>
            <dd>{word.said}</dd>
          </div>
        ))}
      </dl>
      <Problem error={settle.error} />
      <div className="tw-row">
        {side !== undefined && (
          <Button onClick={onReply} aria-label={`${words.reply[side]}: ${about}`}>
            {words.reply[side]}
          </Button>
        )}
        {settledAt === null && settles && (
          <Button onClick={() => settle.mutate({ params: { id } })} aria-label={`${words.settle}: ${about}`}>
            {words.settle}
          </Button>
        )}
      </div>
    </article>
  );
}

function Ask({
  id,
  offices,
  onClose,
}: {
  readonly id: string;
  readonly offices: readonly Office[];
  readonly onClose: () => void;
}): ReactNode {
  const ask = useDo('askQuestion', changed);
  return (
    <Dialog title={words.ask} onClose={onClose}>
      <Form
        send={words.send}
        onSend={async ({ office = '', said = '' }) => {
          await ask.mutateAsync({ params: { id }, body: { office: office as Office, said } });
          onClose();
        }}
      >
        <Choice
          label={t.oversight.sign.office}
          name="office"
          options={offices.map((office) => [office, t.oversight.offices[office]] as const)}
        />
        <Said label={words.question} />
      </Form>
    </Dialog>
  );
}

function Reply({
  thread: { id, office, words: said },
  side = 'answers',
  onClose,
}: {
  readonly thread: QuestionThread;
  readonly side: 'asks' | 'answers' | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const reply = useDo('replyToQuestion', changed);
  return (
    <Dialog title={words.reply[side]} onClose={onClose}>
      <p>{words.of(t.oversight.offices[office], said.at(-1)?.said ?? '')}</p>
      <Form
        send={words.send}
        onSend={async ({ said: text = '' }) => {
          await reply.mutateAsync({ params: { id }, body: { said: text } });
          onClose();
        }}
      >
        <Said label={words.reply[side]} />
      </Form>
    </Dialog>
  );
}

function Said({ label }: { readonly label: string }): ReactNode {
  return (
    <Area label={label} hint={words.hint} name="said" required minLength={3} maxLength={4000} rows={4} />
  );
}
