import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { About } from '../../../kit/activity.tsx';
import { api, useApi } from '../../../kit/api.ts';
import { showNumber, showSecondAt } from '../../../kit/format.ts';
import { Button } from '../../../kit/form.tsx';
import { useNames } from '../../../kit/me.ts';
import { Facts, Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { isIncluded, isSigned, readHead, type Head } from './ledger-proof.ts';

const PAGE = 50;

/** The newest entries of the ledger, its signed head, and a check of each entry against that head. */
export function LedgerPart(): ReactNode {
  const head = useApi('readLedgerHead', {});
  const size = useApi('listLedgerEntries', { query: { limit: 1 } });
  const [older, setOlder] = useState(0);
  const all = size.data?.size ?? 0;
  const end = Math.max(0, all - older);
  const from = Math.max(0, end - PAGE);
  const entries = useApi('listLedgerEntries', { query: { from, limit: PAGE } }, { enabled: all > 0 });
  const signed = head.data === undefined ? undefined : readHead(head.data.note);
  const items = (entries.data?.items ?? []).filter(({ index }) => index < end).reverse();
  return (
    <>
      <Section title={t.ledger.head}>
        <Waiting query={head} />
        {head.data !== undefined &&
          (signed === undefined ? (
            <p className="tw-quiet">{t.ledger.noHead}</p>
          ) : (
            <SignedHead head={signed} note={head.data.note} keys={head.data.keys} />
          ))}
      </Section>
      <Section title={t.ledger.entries}>
        <Waiting query={size} empty={all === 0 && <p>{t.ledger.none}</p>} />
        {items.length > 0 && <Entries items={items} head={signed} />}
        {from > 0 && <Button onClick={() => setOlder(older + PAGE)}>{t.admin.more}</Button>}
      </Section>
    </>
  );
}

/** What a signed head says, and whether this browser finds it signed. */
export function SignedHead({
  head,
  note,
  keys,
}: {
  readonly head: Head;
  readonly note: string;
  readonly keys: readonly string[];
}): ReactNode {
  const { data, isPending } = useQuery({
    queryKey: ['signature', note],
    queryFn: async () => (await isSigned(note, keys)) ?? 'unchecked',
  });
  const said = data === true ? t.ledger.holds : data === false ? t.ledger.fails : t.ledger.unchecked;
  return (
    <Facts
      facts={[
        [t.ledger.origin, head.origin],
        [t.ledger.size, showNumber(head.size)],
        [t.ledger.signedAt, showSecondAt(head.at)],
        [
          t.ledger.root,
          <code key="root" className="tw-hash">
            {head.root}
          </code>,
        ],
        [t.ledger.signature, isPending ? t.form.busy : said],
      ]}
    />
  );
}

interface Entry {
  readonly index: number;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Entries, each with a button that checks its proof. */
export function Entries({
  items,
  head,
}: {
  readonly items: readonly Entry[];
  readonly head: Head | undefined;
}): ReactNode {
  const nameOf = useNames();
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return (
    <Table
      caption={t.ledger.entries}
      rows={items}
      id={({ index }) => String(index)}
      columns={[
        { title: t.ledger.entry, numeric: true, show: ({ index }) => index },
        { title: t.activity.when, show: ({ event }) => showSecondAt(text(event['at'])) },
        {
          title: t.activity.what,
          show: ({ event }) => (
            <span title={text(event['kind'])}>{t.activity.happened(text(event['kind']))}</span>
          ),
        },
        {
          title: t.activity.who,
          show: ({ event }) =>
            event['actor'] === 'system' ? t.activity.system : nameOf(text(event['actor'])),
        },
        {
          title: t.ledger.subjects,
          show: ({ event }) => (
            <About subjects={(event['subjects'] ?? {}) as Readonly<Record<string, string>>} />
          ),
        },
        {
          title: t.ledger.verify,
          show: (entry) =>
            head === undefined || entry.index >= head.size ? (
              <span className="tw-quiet">{t.ledger.tooNew}</span>
            ) : (
              <Check entry={entry} head={head} />
            ),
        },
      ]}
    />
  );
}

function Check({ entry: { index, event }, head }: { readonly entry: Entry; readonly head: Head }): ReactNode {
  const [wanted, setWanted] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['inclusion', index, head.root],
    queryFn: async () => {
      const { body } = await api.call('proveLedgerEntry', {
        params: { index },
        query: { size: head.size },
      });
      return isIncluded(event, index, head, body.proof);
    },
    enabled: wanted,
  });
  if (error !== null || data === false) return <strong role="alert">{t.ledger.notIncluded}</strong>;
  if (data === true) return <span role="status">✓ {t.ledger.included}</span>;
  return (
    <Button kind="unstyled" aria-label={t.ledger.verifyOf(index)} onClick={() => setWanted(true)}>
      {wanted ? t.form.busy : t.ledger.verify}
    </Button>
  );
}
