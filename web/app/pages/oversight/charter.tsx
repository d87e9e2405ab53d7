import type { ReactNode } from 'react';
import type { Answer } from '../../../kit/api.ts';
import { Facts, Section } from '../../../kit/page.tsx';
import { t } from '../../../text/en.ts';

const words = t.oversight.one;

/** A charter in plain words. */
export function CharterSection({
  charter,
  digest,
}: {
  readonly charter: Answer<'getUseInFull'>['charter'];
  readonly digest: string;
}): ReactNode {
  const { decides, measures, inputs, outputs } = charter;
  const fields = (list: readonly { name: string; meaning: string; personal: boolean }[]): ReactNode => (
    <List
      items={list.map(
        ({ name, meaning, personal }) => `${name}: ${meaning}${personal ? ` (${words.personal})` : ''}`,
      )}
    />
  );
  return (
    <Section title={words.charter}>
      <p>{charter.purpose}</p>
      <Facts
        facts={[
          [words.summary, charter.publicSummary],
          [t.oversight.reviews.impact, charter.impact.reason],
          [words.stage, charter.stage],
          [words.decides, `${decides.who}: ${decides.what} ${words.personActs(decides.personActs)}`],
          [words.enforcement, decides.inEnforcement.replaceAll('-', ' ')],
          [
            words.law,
            <List key="law" items={charter.authority.map((one) => `${one.citation}: ${one.allows}`)} />,
          ],
          [words.inputs, fields(inputs)],
          [words.outputs, fields(outputs)],
          [words.never, <List key="never" items={charter.never} />],
          [
            words.goals,
            <List
              key="goals"
              items={measures.map(
                ({ name, unit, atLeast, atMost }) =>
                  `${name}: ${[atLeast === undefined ? '' : `≥ ${atLeast}`, atMost === undefined ? '' : `≤ ${atMost}`].filter(Boolean).join(', ')} ${unit}`,
              )}
            />,
          ],
          [
            words.retention,
            <List
              key="kept"
              items={charter.retention.map((one) => `${one.record}: ${one.keep} (${one.schedule})`)}
            />,
          ],
          [
            words.digest,
            <code key="digest" className="tw-hash">
              {digest}
            </code>,
          ],
        ]}
      />
    </Section>
  );
}

function List({ items }: { readonly items: readonly string[] }): ReactNode {
  return (
    <ul className="ov-list">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
