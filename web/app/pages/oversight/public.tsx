import { useState, type ReactNode } from 'react';
import { useApi } from '../../../kit/api.ts';
import { showNumber } from '../../../kit/format.ts';
import { Field, Form, type Values } from '../../../kit/form.tsx';
import { Facts, Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { Share } from './figures.tsx';

const words = t.oversight.public;
const STORED = 'tidewaiter-reporter';
const fields = ['agency', 'agencyName', 'bureau', 'contact'] as const;
type Reporter = Readonly<Record<(typeof fields)[number], string>>;

/** The federal inventory and the page for the public: previewed, then downloaded in one click. */
export function PublicPart(): ReactNode {
  const [reporter, setReporter] = useState(stored);
  return (
    <>
      <Section title={words.reporter}>
        <Form
          send={words.preview}
          onSend={(values) => {
            const given = reporterOf(values);
            localStorage.setItem(STORED, JSON.stringify(given));
            setReporter(given);
            return Promise.resolve();
          }}
        >
          {fields.map((name) => (
            <Field
              key={name}
              label={words[name]}
              name={name}
              required
              type={name === 'contact' ? 'email' : 'text'}
              maxLength={name === 'agency' ? 20 : 200}
              defaultValue={reporter?.[name]}
            />
          ))}
        </Form>
      </Section>
      {reporter !== undefined && <Preview reporter={reporter} />}
    </>
  );
}

function reporterOf(values: Values): Reporter {
  const { agency = '', agencyName = '', bureau = '', contact = '' } = values;
  return { agency, agencyName, bureau, contact };
}

/** Who reported from this browser last: it stays the same over the years. */
function stored(): Reporter | undefined {
  const text = localStorage.getItem(STORED);
  return text === null ? undefined : reporterOf(JSON.parse(text) as Values);
}

function Preview({ reporter }: { readonly reporter: Reporter }): ReactNode {
  const record = useApi('previewPublicRecord', { query: reporter });
  const asked = new URLSearchParams(reporter).toString();
  const { uses = [], inventory, left = [] } = record.data ?? {};
  const where = '/api/v1/governance/oversight';
  const count = (value: number | null): string => (value === null ? words.few : showNumber(value));
  return (
    <Section
      title={words.uses}
      actions={
        record.data !== undefined && (
          <>
            <a className="usa-button" href={`${where}/inventory?${asked}`} download>
              {words.csv}
            </a>
            <a className="usa-button" href={`${where}/transparency?${asked}`} download>
              {words.html}
            </a>
          </>
        )
      }
    >
      <Waiting query={record} empty={uses.length === 0 && <p>{words.none}</p>} />
      {uses.map((use, index) => (
        <section key={use.use} className="tw-panel">
          <h3>{use.title}</h3>
          {use.stopped && <p className="ov-warning">{words.stopped}</p>}
          <p>{use.summary}</p>
          <Facts
            facts={[
              [t.oversight.reviews.impact, t.oversight.impacts[use.impact.class]],
              [t.oversight.one.stage, use.stage],
              [t.oversight.one.models, use.models.map(({ id }) => id).join(', ')],
              [
                words.decided,
                use.decided === null ? (
                  words.tooFew
                ) : (
                  <Share key="share" {...use.decided} value={use.decided.dismissed / use.decided.n} />
                ),
              ],
              [words.captured, count(use.captures.captured)],
              [words.optedOut, count(use.captures.optedOut)],
            ]}
          />
          <details>
            <summary>{words.inventory}</summary>
            <Table
              caption={words.inventory}
              rows={(inventory?.columns ?? []).map((column, at) => ({
                column,
                value: inventory?.rows[index]?.[at] ?? '',
              }))}
              id={({ column }) => column}
              columns={[
                { title: words.column, show: ({ column }) => column },
                { title: words.value, show: ({ value }) => value },
              ]}
            />
          </details>
        </section>
      ))}
      {left.length > 0 && (
        <>
          <h3>{words.left}</h3>
          <ul>
            {left.map(({ use, why }) => (
              <li key={use}>
                {titleOf(use)} {words.why[why]}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
