import { useState, type ReactNode } from 'react';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { endOfDay, showDay } from '../../../kit/format.ts';
import { Area, Button, Choice, Field, Form } from '../../../kit/form.tsx';
import { useMay } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { languageOf, UseField } from './figures.tsx';

const words = t.oversight.optOuts;

/** What travellers are told, by version and language. */
export function NoticesSection(): ReactNode {
  const notices = useApi('listNotices', {});
  const [publishing, setPublishing] = useState(false);
  const may = useMay();
  const items = notices.data?.items ?? [];
  return (
    <Section
      title={words.notices}
      actions={may(['privacy']) && <Button onClick={() => setPublishing(true)}>{words.publish}</Button>}
    >
      <Waiting query={notices} empty={items.length === 0 && <p>{words.noNotices}</p>} />
      {items.length > 0 && (
        <Table
          caption={words.notices}
          rows={items}
          id={({ id }) => id}
          columns={[
            {
              title: t.oversight.use,
              show: ({ use, version }) => t.oversight.one.heading(titleOf(use), version),
            },
            { title: words.language, show: ({ language }) => languageOf(language) },
            { title: words.current, show: ({ current }) => (current ? words.yes : words.no) },
            { title: words.from, show: ({ effective }) => showDay(effective) },
            { title: words.until, show: ({ ends }) => showDay(ends) },
            {
              title: words.text,
              show: ({ notice, optingOut, language, counsel }) => (
                <details>
                  <summary>{words.text}</summary>
                  <p lang={language}>{notice}</p>
                  <p lang={language}>{optingOut}</p>
                  <p className="tw-quiet">
                    {words.counsel}: {counsel}
                  </p>
                </details>
              ),
            },
          ]}
        />
      )}
      {publishing && <Publish drafts={notices.data?.drafts ?? []} onClose={() => setPublishing(false)} />}
    </Section>
  );
}

function Publish({
  drafts,
  onClose,
}: {
  readonly drafts: readonly { language: string; notice: string; optingOut: string }[];
  readonly onClose: () => void;
}): ReactNode {
  const publish = useDo('publishNotice', ['listNotices', 'getCalendar']);
  const [language, setLanguage] = useState(drafts[0]?.language ?? 'en');
  const draft = drafts.find((one) => one.language === language);
  return (
    <Dialog title={words.publish} wide onClose={onClose}>
      <Form
        send={words.send}
        className="ov-wide"
        onSend={async ({ use = '', notice = '', optingOut = '', counsel = '', ends = '' }) => {
          const effective = new Date().toISOString();
          await publish.mutateAsync({
            body: { use, language, notice, optingOut, counsel, effective, ends: endOfDay(ends) },
          });
          onClose();
        }}
      >
        <UseField />
        <Choice
          label={words.draft}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
          options={drafts.map((one) => [one.language, one.language] as const)}
        />
        <div key={language}>
          <Area
            label={words.text}
            name="notice"
            required
            minLength={40}
            rows={5}
            defaultValue={draft?.notice}
          />
          <Area
            label={words.optingOut}
            name="optingOut"
            required
            minLength={20}
            rows={4}
            defaultValue={draft?.optingOut}
          />
        </div>
        <Field label={words.counsel} name="counsel" required minLength={3} />
        <Field label={words.until} name="ends" type="date" required />
      </Form>
    </Dialog>
  );
}
