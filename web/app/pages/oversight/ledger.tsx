import { useState, type ReactNode } from 'react';
import { api, useApi } from '../../../kit/api.ts';
import { showSecondAt } from '../../../kit/format.ts';
import { Button, Choice, Field, Form } from '../../../kit/form.tsx';
import { useFilters } from '../../../kit/go.tsx';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { t } from '../../../text/en.ts';
import { Entries, SignedHead } from '../admin/ledger.tsx';
import { isSigned, readHead } from '../admin/ledger-proof.ts';
import { isContinued } from './growth-proof.ts';

const words = t.oversight.ledger;

/** Entries by page and kind with proofs, and whether a signed head continues an older one. */
export function LedgerPart(): ReactNode {
  const head = useApi('readLedgerHead', {});
  const [{ kind = '', before = '' }, change] = useFilters();
  const entries = useApi('searchLedger', {
    query: {
      ...(kind === '' ? {} : { kind }),
      ...(before === '' ? {} : { before: Number(before) }),
    },
  });
  const signed = head.data === undefined ? undefined : readHead(head.data.note);
  const items = entries.data?.items ?? [];
  const last = items.at(-1)?.index ?? 0;
  return (
    <>
      <Section
        title={t.ledger.head}
        actions={
          <a className="usa-link" href="/api/v1/governance/oversight/ledger-file" download>
            {words.download}
          </a>
        }
      >
        <Waiting query={head} />
        {head.data !== undefined &&
          (signed === undefined ? (
            <p className="tw-quiet">{t.ledger.noHead}</p>
          ) : (
            <SignedHead head={signed} note={head.data.note} keys={head.data.keys} />
          ))}
        <p className="tw-quiet">{words.verify}</p>
      </Section>
      <Growth keys={head.data?.keys ?? []} />
      <Section title={t.ledger.entries}>
        <div className="tw-filters" data-filter>
          <Field
            label={words.filter}
            hint={words.filterHint}
            type="search"
            defaultValue={kind}
            onBlur={({ currentTarget }) =>
              change({ kind: currentTarget.value.trim().toLowerCase(), before: '' })
            }
            onKeyDown={({ key, currentTarget }) => {
              if (key === 'Enter') change({ kind: currentTarget.value.trim().toLowerCase(), before: '' });
            }}
          />
        </div>
        <Waiting query={entries} empty={items.length === 0 && <p>{words.none}</p>} />
        {items.length > 0 && <Entries items={items} head={signed} />}
        <div className="tw-row">
          {before !== '' && <Button onClick={() => change({ before: '' })}>{words.newest}</Button>}
          {items.length > 0 && last > 0 && (
            <Button onClick={() => change({ before: String(last) })}>{words.older}</Button>
          )}
        </div>
      </Section>
    </>
  );
}

/** Checks that nothing was altered between two signed heads. */
function Growth({ keys }: { readonly keys: readonly string[] }): ReactNode {
  const heads = useApi('listLedgerHeads', {});
  const [said, setSaid] = useState<string>();
  const items = heads.data?.items ?? [];
  const options = items.map(
    ({ size, signedAt }) => [String(size), words.heads(size, showSecondAt(signedAt))] as const,
  );
  const check = async (one: number, other: number): Promise<void> => {
    const [from = 0, to = 0] = [one, other].sort((a, b) => a - b);
    const notes = [from, to].map((size) => items.find((head) => head.size === size)?.note ?? '');
    const [older, newer] = notes.map(readHead);
    const signed = await Promise.all(notes.map((note) => isSigned(note, keys)));
    if (older === undefined || newer === undefined || signed.includes(false)) return setSaid(words.badHead);
    const { body } = await api.call('proveLedgerGrowth', { query: { older: from, newer: to } });
    const holds = await isContinued(older, newer, body.proof);
    setSaid(!holds ? words.breaks : signed.includes(undefined) ? words.unsure : words.grows);
  };
  return (
    <Section title={words.growth}>
      <Waiting query={heads} />
      {heads.data !== undefined && items.length < 2 ? (
        <p>{words.needTwo}</p>
      ) : (
        <Form
          className="tw-form--row"
          send={words.check}
          onSend={({ older = '', newer = '' }) => check(Number(older), Number(newer))}
        >
          <Choice label={words.olderHead} name="older" options={[...options].reverse()} />
          <Choice label={words.newerHead} name="newer" options={options} />
        </Form>
      )}
      {said !== undefined && <p role="status">{said}</p>}
    </Section>
  );
}
