import type { ReactNode } from 'react';
import { showPercent } from '../../../../../../web/kit/format.ts';
import { JobProgress } from '../../../../../../web/kit/job.tsx';
import { Problem } from '../../../../../../web/kit/problem.tsx';
import { words } from '../../words.ts';
import type { Following } from '../use-follow.ts';
import type { Similarity } from '../use-similar.ts';
import type { Studio } from '../use-studio.ts';
import { Key } from './doubts-panel.tsx';

/** Where else what is in the chosen box may be: followed through the recording, and in other tracks. */
export function Elsewhere({
  studio,
  follow,
  similar,
}: {
  readonly studio: Studio;
  readonly follow: Following;
  readonly similar: Similarity;
}): ReactNode {
  return (
    <>
      <div className="st-buttons st-more">
        <Key letter="f" disabled={!follow.ready} onClick={follow.start}>
          {words.track.follow}
        </Key>
        {similar.items.length > 0 && (
          <Key letter="a" onClick={similar.next}>
            {words.similar.next}
          </Key>
        )}
      </div>
      {follow.job !== undefined && (
        <>
          <p className="st-quiet">{words.follow.started(follow.region ?? '')}</p>
          <JobProgress id={follow.job} />
        </>
      )}
      <Problem error={follow.error} />
      {similar.to !== undefined && similar.items.length > 0 && (
        <p className="st-quiet st-likes">
          {words.similar.list(similar.to.id)}{' '}
          {similar.items.map(({ other, score, says }) => (
            <button
              key={other.id}
              type="button"
              className="st-link"
              title={says}
              aria-current={other.id === studio.selected?.id}
              onClick={() => similar.go(other)}
            >
              {other.id} ({showPercent(score)})
            </button>
          ))}
        </p>
      )}
    </>
  );
}
