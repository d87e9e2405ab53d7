import { useState, type ReactNode } from 'react';
import { t } from '../text/en.ts';
import { useKeys } from './keys.tsx';

export interface Column<Row> {
  readonly title: string;
  readonly show: (row: Row) => ReactNode;
  /** What to sort by; a column without it cannot be sorted. */
  readonly by?: (row: Row) => string | number;
  readonly numeric?: boolean;
}

/**
 * A list of things. j and k go from row to row and Enter opens the link of the row, as Tab does.
 * @param caption what the list is, for who does not see it.
 */
export function Table<Row>({
  caption,
  columns,
  rows,
  id,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly id: (row: Row) => string;
}): ReactNode {
  const [sort, setSort] = useState<{ readonly column: number; readonly down: boolean }>();
  const by = sort === undefined ? undefined : columns[sort.column]?.by;
  const shown =
    by === undefined
      ? rows
      : [...rows].sort((a, b) => {
          const [one, other] = [by(a), by(b)];
          return (one < other ? -1 : one > other ? 1 : 0) * (sort?.down === true ? -1 : 1);
        });
  useKeys([
    { key: 'j', does: t.keys.nextRow, run: () => step(1) },
    { key: 'k', does: t.keys.previousRow, run: () => step(-1) },
  ]);
  return (
    <div className="tw-table" role="region" aria-label={caption} tabIndex={0}>
      <table className="usa-table usa-table--borderless usa-table--compact">
        <caption className="usa-sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th
                key={column.title}
                scope="col"
                className={column.numeric === true ? 'tw-number' : ''}
                {...(sort?.column === index
                  ? { 'aria-sort': sort.down ? ('descending' as const) : ('ascending' as const) }
                  : {})}
              >
                {column.by === undefined ? (
                  column.title
                ) : (
                  <button
                    type="button"
                    className="tw-sort"
                    onClick={() => setSort({ column: index, down: sort?.column === index && !sort.down })}
                  >
                    {column.title}
                    <span aria-hidden="true"> {sort?.column === index ? (sort.down ? '▼' : '▲') : '↕'}</span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={id(row)}>
              {columns.map((column, index) => {
                const className = column.numeric === true ? 'tw-number' : '';
                return index === 0 ? (
                  <th key={column.title} scope="row" className={className}>
                    {column.show(row)}
                  </th>
                ) : (
                  <td key={column.title} className={className}>
                    {column.show(row)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Moves the focus to the link of the row after or before the one that has it. */
function step(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('tbody th a, tbody th button')];
  const at = links.findIndex((link) => link === document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
}
