import type { ReactNode } from 'react';
import { useApi } from '../../../kit/api.ts';
import { showMomentAt } from '../../../kit/format.ts';
import { useIdOfPage } from '../../../kit/go.tsx';
import { useNames } from '../../../kit/me.ts';
import { Facts, Page, Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { CharterSection } from './charter.tsx';
import { CrosswalkSection } from './crosswalk.tsx';
import { DocumentsSection } from './documents.tsx';
import { ModelsSection } from './models.tsx';
import { lackOf, officeNames, wordOf } from './offices.ts';
import { PermitsSection } from './permits.tsx';
import { QuestionsSection } from './questions.tsx';
import { SignButton } from './sign.tsx';
import './oversight.css';

const words = t.oversight;

/** One version of a use, with all that a reviewer reads before they sign. */
export function UsePage(): ReactNode {
  const id = useIdOfPage();
  const full = useApi('getUseInFull', { params: { id } });
  const registrations = useApi('listRegistrations', {});
  const reviews = useApi('listUsesToReview', {});
  const nameOf = useNames();
  const use = full.data;
  const registration = registrations.data?.items.find((one) => one.id === id);
  const review = reviews.data?.items.find((one) => one.registration === id);
  const signOffs = registration?.signOffs ?? [];
  return (
    <div className="ov-page">
      <Page
        title={use === undefined ? words.use : words.one.heading(titleOf(use.use), use.version)}
        above={[['/oversight/reviews', words.parts['reviews']?.[0] ?? '']]}
        lead={use?.charter.title}
        actions={registration !== undefined && <SignButton registration={registration} />}
      >
        <Waiting query={full} />
        {use !== undefined && (
          <>
            {!use.newest && <p className="ov-warning">{words.one.older}</p>}
            <Facts
              facts={[
                [words.reviews.impact, words.impacts[use.charter.impact.class]],
                [words.one.author, nameOf(use.author)],
                [words.reviews.registered, showMomentAt(use.registeredAt)],
                [
                  words.reviews.lacks,
                  use.lacks.length === 0 ? words.reviews.complete : use.lacks.map(lackOf).join(', '),
                ],
              ]}
            />
            <Section title={words.one.signOffs}>
              <Table
                caption={words.one.signOffs}
                rows={officeNames}
                id={(office) => office}
                columns={[
                  { title: words.sign.office, show: (office) => words.offices[office] },
                  {
                    title: words.one.status,
                    show: (office) => {
                      const state = wordOf(signOffs, office)?.verdict ?? 'waiting';
                      return (
                        <span className={`ov-state ov-state--${state}`}>{words.reviews.states[state]}</span>
                      );
                    },
                  },
                  {
                    title: t.activity.who,
                    show: (office) => {
                      const word = wordOf(signOffs, office);
                      return word === undefined
                        ? words.nobody
                        : `${nameOf(word.person)}, ${showMomentAt(word.at)}`;
                    },
                  },
                  { title: words.sign.reason, show: (office) => wordOf(signOffs, office)?.reason },
                ]}
              />
            </Section>
            {registration !== undefined && <QuestionsSection registration={registration} />}
            {review !== undefined && (
              <Section title={words.one.questions}>
                <Facts facts={review.questions.map(({ question, answer }) => [question, answer] as const)} />
              </Section>
            )}
            <CharterSection charter={use.charter} digest={use.charterDigest} />
            <CrosswalkSection lines={use.crosswalk} findings={use.findings} />
            <ModelsSection use={use} />
            {registration !== undefined && <PermitsSection registration={registration} />}
            <DocumentsSection registration={id} use={use.use} />
          </>
        )}
      </Page>
    </div>
  );
}
