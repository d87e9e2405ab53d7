import { useState, type ReactNode } from 'react';
import { useApi, useDo, type Answer } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { showMomentAt } from '../../../kit/format.ts';
import { Area, Button, Choice, Form } from '../../../kit/form.tsx';
import { useMay, useSession } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { officeRoles } from './offices.ts';

const words = t.oversight.documents;
type Kind = keyof typeof words.kinds;
const kinds = Object.keys(words.kinds) as Kind[];
const writers = [...Object.values(officeRoles), 'supervisor'] as const;

/** The privacy threshold analysis and the AI impact assessment of a version of a use. */
export function DocumentsSection({
  registration,
  use,
}: {
  readonly registration: string;
  readonly use: string;
}): ReactNode {
  const documents = useApi('listUseDocuments', { query: { use } });
  const write = useDo('writeUseDocument', ['listUseDocuments']);
  const may = useMay();
  const mine = (documents.data?.items ?? []).filter((one) => one.registration === registration);
  return (
    <Section title={words.title}>
      <Waiting query={documents} />
      <Problem error={write.error} />
      {kinds.map((kind) => {
        const found = mine.find((one) => one.kind === kind);
        if (found !== undefined) return <Document key={kind} id={found.id} newest={found.version} />;
        return (
          documents.data !== undefined &&
          may(writers) && (
            <p key={kind}>
              <Button onClick={() => write.mutate({ params: { id: registration }, body: { kind } })}>
                {words.write(words.kinds[kind])}
              </Button>
            </p>
          )
        );
      })}
    </Section>
  );
}

function Document({ id, newest }: { readonly id: string; readonly newest: number }): ReactNode {
  const document = useApi('getUseDocument', { params: { id } });
  const [editing, setEditing] = useState(false);
  const may = useMay();
  const shown = document.data;
  if (shown === undefined) return <Waiting query={document} />;
  const { content, version, sealedAt } = shown;
  const open = content.answers.filter(({ text }) => text === '').length;
  const where = `/api/v1/governance/documents/${id}/export`;
  return (
    <section className="tw-panel">
      <div className="tw-title">
        <h3>{words.kinds[content.kind]}</h3>
        <div className="tw-row">
          <a className="usa-link" href={`${where}/pdf`} download>
            {words.pdf}
          </a>
          <a className="usa-link" href={`${where}/docx`} download>
            {words.docx}
          </a>
        </div>
      </div>
      <p>
        {words.version(version)} · {sealedAt === null ? words.draft : words.sealed(showMomentAt(sealedAt))} ·{' '}
        {words.open(open)}
      </p>
      <details>
        <summary>{content.title}</summary>
        <dl className="ov-answers">
          {content.answers.map(({ id: question, question: asked, text, source }) => (
            <div key={question}>
              <dt>{asked}</dt>
              <dd>
                {text === '' ? <em>{words.unanswered}</em> : text}{' '}
                <span className="tw-quiet">{words.from[(source as { from: string }).from]}</span>
              </dd>
            </div>
          ))}
        </dl>
      </details>
      <div className="tw-row">
        {may(writers) && <Button onClick={() => setEditing(true)}>{words.edit}</Button>}
        {sealedAt === null && <Seal document={shown} open={open} />}
      </div>
      {newest > 1 && <Differences id={id} newest={newest} />}
      {editing && <Edit document={shown} onClose={() => setEditing(false)} />}
    </section>
  );
}

function Edit({
  document: { id, version, content },
  onClose,
}: {
  readonly document: Answer<'getUseDocument'>;
  readonly onClose: () => void;
}): ReactNode {
  const edit = useDo('editUseDocument', ['getUseDocument', 'listUseDocuments', 'compareUseDocument']);
  return (
    <Dialog title={words.edit} wide onClose={onClose}>
      <Form
        send={words.save}
        className="ov-wide"
        onSend={async (values) => {
          const changed = content.answers.filter((one) => (values[one.id] ?? '').trim() !== one.text);
          if (changed.length > 0) {
            const answers = Object.fromEntries(changed.map((one) => [one.id, (values[one.id] ?? '').trim()]));
            await edit.mutateAsync({ params: { id }, ifMatch: `"${version}"`, body: { answers } });
          }
          onClose();
        }}
      >
        {content.answers.map(({ id: question, question: asked, text }) => (
          <Area key={question} label={asked} name={question} defaultValue={text} rows={3} maxLength={8000} />
        ))}
      </Form>
    </Dialog>
  );
}

/** Signs the newest version off; where that cannot be, it says why. */
function Seal({
  document: { id, version, author, content },
  open,
}: {
  readonly document: Answer<'getUseDocument'>;
  readonly open: number;
}): ReactNode {
  const seal = useDo('sealUseDocument', ['getUseDocument', 'listUseDocuments', 'getUseInFull']);
  const may = useMay();
  const { person } = useSession();
  const role = content.kind === 'privacy-threshold-analysis' ? 'privacy' : 'ai-governance';
  const why = !may([role])
    ? words.sealOffice
    : author === person?.id
      ? words.sealOwn
      : open > 0
        ? words.sealOpen
        : undefined;
  if (why !== undefined) return <span className="tw-quiet">{why}</span>;
  return (
    <>
      <Button kind="plain" onClick={() => seal.mutate({ params: { id }, ifMatch: `"${version}"` })}>
        {words.seal}
      </Button>
      <Problem error={seal.error} />
    </>
  );
}

function Differences({ id, newest }: { readonly id: string; readonly newest: number }): ReactNode {
  const [from, setFrom] = useState(newest - 1);
  const found = useApi('compareUseDocument', { params: { id }, query: { from, to: newest } });
  const items = found.data?.items ?? [];
  return (
    <>
      <Choice
        label={words.compare}
        value={String(from)}
        onChange={({ currentTarget }) => setFrom(Number(currentTarget.value))}
        options={Array.from(
          { length: newest - 1 },
          (_, index) => [String(index + 1), String(index + 1)] as const,
        )}
      />
      <Waiting query={found} empty={items.length === 0 && <p>{words.same}</p>} />
      {items.length > 0 && (
        <Table
          caption={words.compare}
          rows={items}
          id={(item) => item.id}
          columns={[
            { title: words.question, show: ({ question }) => question },
            { title: words.before, show: ({ before }) => <del>{before}</del> },
            { title: words.after, show: ({ after }) => <ins>{after}</ins> },
          ]}
        />
      )}
    </>
  );
}
