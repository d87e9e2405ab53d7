import { useMemo, type ReactNode } from 'react';
import { contentAddress, useApi, useDo } from '../../../../../../web/kit/api.ts';
import { Button, Choice } from '../../../../../../web/kit/form.tsx';
import { JobProgress } from '../../../../../../web/kit/job.tsx';
import { Problem } from '../../../../../../web/kit/problem.tsx';
import { t } from '../../../../../../web/text/en.ts';
import type { RedactionRelease } from '../../../../../client/index.ts';
import { difference, type RegionDifference } from '../../../review/difference.ts';
import { planOf } from '../../../review/state.ts';
import { words } from '../../words.ts';
import type { Studio } from '../use-studio.ts';

const { releases: say } = words;

/** What each recipient gets, and what was rendered. */
export function ReleasesPanel({ studio }: { readonly studio: Studio }): ReactNode {
  const { now, scope, editable } = studio;
  const { review, state } = now;
  const render = useDo('renderRelease', ['listReviewReleases', 'getReview']);
  const rendered = useApi('listReviewReleases', { params: { id: review.id }, query: {} }, { everyMs: 3000 });
  const mayRender = ['approved', 'rendering', 'released'].includes(review.state);
  const missing = Object.entries(say.kinds).filter(([name]) => !state.releases.has(name));
  return (
    <>
      <p className="st-quiet">{say.lead}</p>
      <Choice
        label={say.editing}
        data-key="scope"
        value={scope ?? ''}
        options={[
          ['', say.review],
          ...[...state.releases].map(([name, { title }]) => [name, title] as const),
        ]}
        onChange={({ currentTarget: { value } }) => studio.set.scope(value === '' ? undefined : value)}
      />
      {editable && missing.length > 0 && (
        <div className="st-buttons">
          {missing.map(([release, title]) => (
            <Button
              key={release}
              className="st-button"
              onClick={() =>
                studio.edit(words.said.released(title), { op: 'release', release, title, choices: [] })
              }
            >
              {say.add(title)}
            </Button>
          ))}
        </div>
      )}
      {state.releases.size === 0 && <p className="st-quiet">{say.none}</p>}
      <ul className="st-list">
        {[...state.releases].map(([name, { title, choices }]) => (
          <li key={name} className="st-release">
            <h3>{title}</h3>
            <Difference studio={studio} name={name} />
            <div className="st-buttons">
              {mayRender && (
                <Button
                  className="st-button"
                  onClick={() =>
                    render.mutate({
                      params: { id: review.id },
                      body: { release: name, revision: now.revision },
                    })
                  }
                >
                  {say.render(title)}
                </Button>
              )}
              {editable && choices.length === 0 && (
                <Button
                  className="st-button"
                  onClick={() =>
                    studio.edit(words.said.unreleased(title), {
                      op: 'release',
                      release: name,
                      title,
                      choices: null,
                    })
                  }
                >
                  {say.remove}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {!mayRender && <p className="st-quiet">{say.waits}</p>}
      <Problem error={render.error} />
      <h3>{say.rendered}</h3>
      {rendered.data?.items.length === 0 && <p className="st-quiet">{say.nothing}</p>}
      <ul className="st-list">
        {rendered.data?.items.map((release) => (
          <Rendered key={release.id} release={release} />
        ))}
      </ul>
    </>
  );
}

/** How a release differs from the review, before anything is rendered. */
function Difference({ studio, name }: { readonly studio: Studio; readonly name: string }): ReactNode {
  const { session, now } = studio;
  const { regions } = useMemo(() => {
    const { base } = session;
    return difference(planOf(base, now.state, now.state.releases.get(name)), planOf(base, now.state));
  }, [session, now.state, name]);
  return (
    <>
      <p className="st-quiet">{say.differs(regions.length)}</p>
      {regions.length > 0 && (
        <ul className="st-plain">
          {regions.slice(0, 20).map((region) => (
            <li key={region.id}>
              <button type="button" className="st-link" onClick={() => studio.set.select(region.id)}>
                {region.id}
              </button>{' '}
              {howItDiffers(region)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function howItDiffers({ covered }: RegionDifference): string {
  if (covered === 'one') return say.here;
  return covered === 'other' ? say.there : say.otherwise;
}

function Rendered({ release }: { readonly release: RedactionRelease }): ReactNode {
  const { job, state, title, files, name } = release;
  const made = Object.entries(say.files).flatMap(([what, word]) => {
    const asset = files?.[what];
    return asset === undefined ? [] : [{ what, word, asset }];
  });
  return (
    <li className="st-release">
      <h3>
        {title} <span className={`st-state st-state--${state}`}>{say.state[state]}</span>
      </h3>
      {state === 'rendering' || state === 'failed' ? <JobProgress id={job} /> : null}
      <ul className="st-files">
        {made.map(({ what, word, asset }) => (
          <li key={what}>
            <a
              className="usa-link"
              href={contentAddress(asset)}
              download
              aria-label={t.library.downloadOf(say.fileOf(word, name))}
            >
              {word}
            </a>
          </li>
        ))}
      </ul>
    </li>
  );
}
