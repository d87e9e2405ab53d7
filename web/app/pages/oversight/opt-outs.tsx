import type { ReactNode } from 'react';
import { useApi } from '../../../kit/api.ts';
import { showNumber } from '../../../kit/format.ts';
import { useFilters } from '../../../kit/go.tsx';
import { useSiteNames } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { UseChoice, useUses } from './figures.tsx';
import { NoticesSection } from './notices.tsx';

const words = t.oversight.optOuts;
const monthName = new Intl.DateTimeFormat(t.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
/** @param month such as `2026-11`. */
const monthOf = (month: string): string => monthName.format(new Date(`${month}-01`));

/** Counts, the check that who opted out is served as well, and the notices. */
export function OptOutsPart(): ReactNode {
  const counts = useApi('countOptOuts', {});
  const unsigned = useApi('listUnsignedCaptures', {});
  const siteOf = useSiteNames();
  const items = counts.data?.items ?? [];
  return (
    <>
      <Section title={words.counts}>
        <Waiting query={counts} empty={items.length === 0 && <p>{words.none}</p>} />
        {items.length > 0 && (
          <Table
            caption={words.counts}
            rows={items}
            id={({ month, site, lane, use, kind }) => [month, site, lane, use, kind].join(' ')}
            columns={[
              { title: words.month, show: ({ month }) => monthOf(month), by: ({ month }) => month },
              {
                title: words.lane,
                show: ({ site, lane }) => `${siteOf(site)}, ${lane}`,
                by: ({ site, lane }) => `${site} ${lane}`,
              },
              { title: t.oversight.use, show: ({ use }) => titleOf(use) },
              {
                title: t.oversight.calendar.kind,
                show: ({ kind }) => words.kinds[kind],
                by: ({ kind }) => kind,
              },
              {
                title: words.passages,
                numeric: true,
                show: ({ passages }) => showNumber(passages),
                by: ({ passages }) => passages,
              },
            ]}
          />
        )}
      </Section>
      <Equal counted={items[0]?.use} />
      <Section title={words.unsigned}>
        <Waiting
          query={unsigned}
          empty={
            unsigned.data !== undefined &&
            (unsigned.data.items.length === 0 ? (
              <p>{words.noUnsigned}</p>
            ) : (
              <p role="alert">{unsigned.data.items.join(', ')}</p>
            ))
          }
        />
      </Section>
      <NoticesSection />
    </>
  );
}

/** @param counted a use with passages: it is shown before anybody chooses. */
function Equal({ counted }: { readonly counted: string | undefined }): ReactNode {
  const uses = useUses();
  const siteOf = useSiteNames();
  const [{ use = counted ?? uses[0] ?? '' }, change] = useFilters();
  const found = useApi('getEqualService', { query: { use, days: 365 } }, { enabled: use !== '' });
  if (use === '') return null;
  const rows = (found.data?.lanes ?? []).flatMap(({ site, lane, captured, optedOut, comparisons }) =>
    comparisons.map((one) => ({ ...one, site, lane, n: [captured.passages, optedOut.passages] as const })),
  );
  return (
    <Section
      title={words.equal}
      actions={
        <UseChoice
          value={use}
          besides={counted === undefined ? [] : [counted]}
          onChoose={(chosen) => change({ use: chosen })}
        />
      }
    >
      <Waiting query={found} />
      {found.data !== undefined && <p className="tw-quiet">{words.equalLead(found.data.planned)}</p>}
      {found.data !== undefined && rows.length === 0 && <p>{words.noLanes}</p>}
      {rows.length > 0 && (
        <Table
          caption={words.equal}
          rows={rows}
          id={({ site, lane, measure }) => `${site} ${lane} ${measure}`}
          columns={[
            { title: words.lane, show: ({ site, lane }) => `${siteOf(site)}, ${lane}` },
            { title: words.measure, show: ({ measure }) => words.measures[measure] },
            {
              title: words.difference,
              show: ({ measure, difference, n: [captured, out] }) => {
                // Shares in points of a hundred, as in the words beside them.
                const scale = measure === 'referred' || measure === 'refused' ? 100 : 1;
                const show = (value: number): string => showNumber(value * scale);
                return difference === null
                  ? `${t.oversight.notEstimable}, n = ${out} / ${captured}`
                  : `${show(difference.difference)} (${show(difference.low)} – ${show(difference.high)}), n = ${out} / ${captured}`;
              },
            },
            {
              title: words.verdict,
              show: ({ verdict }) => (
                <span className={`ov-state ov-state--${verdict}`}>{words.verdicts[verdict]}</span>
              ),
            },
            { title: words.finding, show: ({ finding }) => finding },
          ]}
        />
      )}
    </Section>
  );
}
