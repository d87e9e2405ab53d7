import { useState, type ReactNode } from 'react';
import type { CalendarEntry } from '../../../../src/client/index.ts';
import { useApi } from '../../../kit/api.ts';
import { dayOf, showDay } from '../../../kit/format.ts';
import { Button, Choice } from '../../../kit/form.tsx';
import { useFilters } from '../../../kit/go.tsx';
import { useNames } from '../../../kit/me.ts';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { languageOf } from './figures.tsx';

const words = t.oversight.calendar;
const monthName = new Intl.DateTimeFormat(t.locale, { month: 'long', year: 'numeric' });

/** What ends or falls due, as a list or by the days of a month; how long is left is always said in words. */
export function CalendarPart(): ReactNode {
  const [{ days = '90', view = 'list' }, change] = useFilters();
  const entries = useApi('getCalendar', { query: { days: Number(days) } });
  const items = entries.data?.items ?? [];
  return (
    <>
      <div className="tw-filters" data-filter>
        <Choice
          label={words.span}
          value={days}
          onChange={({ currentTarget }) => change({ days: currentTarget.value })}
          options={words.spans.map(([value = '', label = '']) => [value, label] as const)}
        />
        <Choice
          label={words.view}
          value={view}
          onChange={({ currentTarget }) => change({ view: currentTarget.value })}
          options={words.views.map(([value = '', label = '']) => [value, label] as const)}
        />
      </div>
      <Waiting query={entries} empty={items.length === 0 && <p>{words.none}</p>} />
      {items.length > 0 && view === 'list' && <List items={items} />}
      {view === 'month' && <Month items={items} />}
    </>
  );
}

/** What ends, in words that stand for themselves: the API says `redaction at *` and `en version 1`. */
function whatOf({ kind, id, what }: CalendarEntry, nameOf: (person: string) => string): string {
  const [code = '', version = ''] = what.split(' version ');
  if (kind === 'notice') return words.says.notice(languageOf(code), version);
  if (kind === 'training') return words.says.training(nameOf(id), what);
  return words.says[kind](what.replace(/ \* *$/, ` ${words.everySite}`));
}

function urgency(days: number): string {
  return days < 0 ? 'over' : days <= 30 ? 'soon' : 'calm';
}

function List({ items }: { readonly items: readonly CalendarEntry[] }): ReactNode {
  const nameOf = useNames();
  return (
    <Table
      caption={t.oversight.parts['calendar']?.[0] ?? ''}
      rows={items}
      id={(entry) => `${entry.kind} ${entry.id} ${entry.what} ${entry.use}`}
      columns={[
        { title: words.what, show: (one) => whatOf(one, nameOf), by: (one) => whatOf(one, nameOf) },
        { title: words.kind, show: ({ kind }) => words.kinds[kind], by: ({ kind }) => kind },
        { title: t.oversight.use, show: ({ use }) => titleOf(use), by: ({ use }) => use },
        { title: words.ends, show: ({ at }) => showDay(at), by: ({ at }) => at },
        {
          title: words.left,
          by: ({ daysLeft }) => daysLeft,
          show: ({ daysLeft }) => (
            <span className={`tw-deadline tw-deadline--${urgency(daysLeft)}`}>
              {words.daysLeft(daysLeft)}
            </span>
          ),
        },
      ]}
    />
  );
}

/** A month as a table of weeks, which a screen reader reads by day. */
function Month({ items }: { readonly items: readonly CalendarEntry[] }): ReactNode {
  const nameOf = useNames();
  const [offset, setOffset] = useState(0);
  const today = new Date();
  const first = new Date(today.getFullYear(), today.getMonth() + offset, 1);
  const length = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
  const weeks = Array.from({ length: Math.ceil((first.getDay() + length) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (__, day) => week * 7 + day - first.getDay() + 1),
  );
  const on = (day: number): readonly CalendarEntry[] => {
    const key = dayOf(new Date(first.getFullYear(), first.getMonth(), day).toISOString());
    return items.filter(({ at }) => dayOf(at) === key);
  };
  return (
    <>
      <div className="tw-row">
        <Button onClick={() => setOffset(offset - 1)}>{words.earlier}</Button>
        <Button onClick={() => setOffset(offset + 1)}>{words.later}</Button>
      </div>
      <div className="tw-table" role="region" aria-label={monthName.format(first)} tabIndex={0}>
        <table className="usa-table ov-month">
          <caption aria-live="polite">{monthName.format(first)}</caption>
          <thead>
            <tr>
              {words.days.map((day) => (
                <th key={day} scope="col">
                  {day}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((days) => (
              <tr key={days[0]}>
                {days.map((day) => (
                  <td key={day}>
                    {day >= 1 && day <= length && (
                      <>
                        <span
                          className="ov-day"
                          {...(offset === 0 && day === today.getDate()
                            ? { 'aria-current': 'date' as const }
                            : {})}
                        >
                          {day}
                        </span>
                        <ul className="ov-list">
                          {on(day).map((one) => (
                            <li
                              key={`${one.kind} ${one.id} ${one.what}`}
                              className={`tw-deadline tw-deadline--${urgency(one.daysLeft)}`}
                            >
                              {whatOf(one, nameOf)}
                              {one.use !== '' && ` (${titleOf(one.use)})`}. {words.daysLeft(one.daysLeft)}
                            </li>
                          ))}
                        </ul>
                      </>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
