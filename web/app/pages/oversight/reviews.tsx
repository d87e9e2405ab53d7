import type { ReactNode } from 'react';
import { useApi } from '../../../kit/api.ts';
import { showDay } from '../../../kit/format.ts';
import { Go } from '../../../kit/go.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { lacksInShort, officeNames, wordOf } from './offices.ts';
import { RegisterButton } from './register.tsx';

const words = t.oversight;

/** Versions of uses, and the newest word of each office about them. */
export function ReviewsPart(): ReactNode {
  const registrations = useApi('listRegistrations', {});
  const items = registrations.data?.items ?? [];
  return (
    <>
      <RegisterButton />
      <Waiting
        query={registrations}
        empty={
          items.length === 0 && (
            <p>
              {words.reviews.none} {words.reviews.how}
            </p>
          )
        }
      />
      {items.length > 0 && (
        <Table
          caption={words.title}
          rows={items}
          id={({ id }) => id}
          columns={[
            {
              title: words.use,
              by: ({ use }) => use,
              show: ({ id, use, version }) => (
                <Go to={`/oversight/uses/${id}`}>{words.one.heading(titleOf(use), version)}</Go>
              ),
            },
            {
              title: words.reviews.impact,
              by: ({ impact }) => impact,
              show: ({ impact }) => words.impacts[impact] ?? impact,
            },
            {
              title: words.reviews.registered,
              by: ({ registeredAt }) => registeredAt,
              show: ({ registeredAt }) => showDay(registeredAt),
            },
            ...officeNames.map((office) => ({
              title: words.offices[office],
              show: ({ signOffs }: (typeof items)[number]) => {
                const state = wordOf(signOffs, office)?.verdict ?? 'waiting';
                return <span className={`ov-state ov-state--${state}`}>{words.reviews.states[state]}</span>;
              },
            })),
            {
              title: words.reviews.lacks,
              show: ({ lacks, openQuestions }) => (
                <>
                  {lacks.length === 0 ? (
                    words.reviews.complete
                  ) : (
                    <ul className="ov-plain">
                      {lacksInShort(lacks).map((lack) => (
                        <li key={lack}>{lack}</li>
                      ))}
                    </ul>
                  )}
                  {openQuestions > 0 && (
                    <p className="ov-state ov-state--waiting">{words.threads.waiting(openQuestions)}</p>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
    </>
  );
}
