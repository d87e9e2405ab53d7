import type { ReactNode } from 'react';
import { useApi, useDo } from '../../../kit/api.ts';
import { showDay, showMomentAt } from '../../../kit/format.ts';
import { Button } from '../../../kit/form.tsx';
import { useFilters } from '../../../kit/go.tsx';
import { useMay } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { Share } from './figures.tsx';
import { Module } from './module.tsx';

const words = t.oversight.training;

/** One's own modules, notices and figures. */
export function TrainingPart(): ReactNode {
  const [{ module = '' }, change] = useFilters();
  if (module !== '') return <Module id={module} onDone={() => change({ module: '' })} />;
  return (
    <>
      <Modules onOpen={(id) => change({ module: id })} />
      <Notices />
      <Mine />
    </>
  );
}

function Modules({ onOpen }: { readonly onOpen: (id: string) => void }): ReactNode {
  const modules = useApi('listMyTraining', {});
  const release = useDo('releaseTraining', ['listMyTraining']);
  const may = useMay();
  const items = [...(modules.data?.items ?? [])].sort((a, b) => Number(b.forMe) - Number(a.forMe));
  return (
    <Section title={words.modules}>
      <Problem error={release.error} />
      <Waiting query={modules} empty={items.length === 0 && <p>{words.none}</p>} />
      {items.length > 0 && (
        <Table
          caption={words.modules}
          rows={items}
          id={({ id }) => id}
          columns={[
            {
              title: words.module,
              show: ({ id, title }) => (
                <Button kind="unstyled" onClick={() => onOpen(id)}>
                  {title}
                </Button>
              ),
            },
            { title: t.oversight.use, show: ({ use }) => titleOf(use) },
            { title: words.forMe, show: ({ forMe }) => (forMe ? words.yes : words.no) },
            {
              title: words.state,
              show: ({ state }) => (
                <span className={`ov-state ov-state--${state}`}>{words.states[state]}</span>
              ),
            },
            {
              title: words.expires,
              show: ({ expires }) => (expires === null ? '' : showDay(expires)),
            },
            {
              title: words.inForce,
              show: ({ id, title, inForce }) =>
                inForce ? (
                  words.yes
                ) : may(['ai-governance', 'privacy', 'civil-rights']) ? (
                  <Button
                    kind="unstyled"
                    aria-label={words.releaseOf(title)}
                    onClick={() => release.mutate({ params: { module: id } })}
                  >
                    {words.release}
                  </Button>
                ) : (
                  words.no
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}

function Notices(): ReactNode {
  const notices = useApi('listOfficerNotices', {});
  const acknowledge = useDo('acknowledgeOfficerNotice', ['listOfficerNotices']);
  const items = notices.data?.items ?? [];
  return (
    <Section title={words.notices}>
      <Problem error={acknowledge.error} />
      <Waiting query={notices} empty={items.length === 0 && <p>{words.noNotices}</p>} />
      {items.map(({ id, use, version, readAt, stale, content }) => (
        <section key={id} className="tw-panel">
          <h3>{t.oversight.one.heading(titleOf(use), version)}</h3>
          {stale && <p className="ov-warning">{words.stale}</p>}
          <p>{content.summary}</p>
          <h4>{words.limits}</h4>
          <ul>
            {content.limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
          {content.errorRates.length > 0 && <h4>{words.errors}</h4>}
          <ul>
            {content.errorRates.map(({ kind, errors, trials, low, high, source }) => (
              <li key={`${kind} ${source}`}>
                {kind}: <Share value={errors / trials} low={low} high={high} n={trials} /> ({source})
              </li>
            ))}
          </ul>
          {readAt === null ? (
            <Button kind="plain" onClick={() => acknowledge.mutate({ params: { id } })}>
              {words.read}
            </Button>
          ) : (
            <p className="tw-quiet">{words.readAt(showMomentAt(readAt))}</p>
          )}
        </section>
      ))}
    </Section>
  );
}

/** Only the person's own, which nobody else is shown. */
function Mine(): ReactNode {
  const mine = useApi('listMySeeds', {});
  const { decided = [], measures = [] } = mine.data ?? {};
  return (
    <Section title={words.mine}>
      <p className="tw-quiet">{words.mineLead}</p>
      <Waiting query={mine} empty={decided.length === 0 && <p>{words.noMine}</p>} />
      {measures.map(({ use, override, rejectedRight }) => (
        <p key={use}>
          {titleOf(use)}. {t.oversight.seeds.override}: <Share {...override} />. {t.oversight.seeds.rejected}:{' '}
          <Share {...rejectedRight} />.
        </p>
      ))}
      {decided.length > 0 && (
        <>
          <h3>{words.decided}</h3>
          <ul>
            {decided.map(({ finding, at, truth, agreed, explanation }) => (
              <li key={finding}>
                {showMomentAt(at)}: {words.truth[truth]}; {agreed ? words.agreed : words.disagreed}.{' '}
                {explanation}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
