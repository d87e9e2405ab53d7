import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { useApi, useDo } from '../../../../../../web/kit/api.ts';
import { JobProgress, useJob } from '../../../../../../web/kit/job.tsx';
import { Problem } from '../../../../../../web/kit/problem.tsx';
import { showPercent } from '../../../../../../web/kit/format.ts';
import type { Keyframe, Region } from '../../../plan.ts';
import { words } from '../../words.ts';
import { placeOf } from '../placed.ts';
import type { Studio } from '../use-studio.ts';
import { Button } from '../../../../../../web/kit/form.tsx';

/** Where else what is in the chosen box may be: followed through the recording, and in other tracks. */
export function Elsewhere({
  studio,
  region,
}: {
  readonly studio: Studio;
  readonly region: Region;
}): ReactNode {
  const follow = useDo('followBox');
  const [id, setId] = useState<string>();
  const [taken, setTaken] = useState<string>();
  const job = useJob(id);
  const arrived = useEffectEvent((result: Readonly<Record<string, unknown>>) => {
    setTaken(id);
    const keyframes = (result['keyframes'] ?? []) as Keyframe[];
    if (keyframes.length > 0)
      studio.edit(words.said.followed(region.id, keyframes.length), {
        ...{ op: 'path', region: region.id },
        keyframes,
      });
  });
  const result = job?.state === 'done' ? job.result : undefined;
  useEffect(() => {
    if (result !== undefined && result !== null) arrived(result);
  }, [result]);
  const start = async (): Promise<void> => {
    const { x, y, width, height } = placeOf(region, studio.time);
    const { session, time } = studio;
    const body = { at: time, box: [x, y, width, height], class: region.class };
    setId((await follow.mutateAsync({ params: { id: session.now().review.id }, body })).job);
  };
  const isHere = studio.time >= region.start && studio.time <= region.end;
  return (
    <>
      <div className="st-buttons st-more">
        <Button
          className="st-button"
          data-key="follow"
          disabled={!studio.editable || !isHere || (id !== undefined && id !== taken)}
          onClick={() => void start().catch(() => undefined)}
        >
          {words.track.follow} <kbd aria-hidden="true">f</kbd>
        </Button>
      </div>
      {id !== undefined && id !== taken && <JobProgress id={id} />}
      <Problem error={follow.error} />
      <Similar studio={studio} region={region} />
    </>
  );
}

/** Other tracks that may be the same person or thing; only a person says whether they are. */
function Similar({ studio, region }: { readonly studio: Studio; readonly region: Region }): ReactNode {
  const { review } = studio.now;
  const { data } = useApi(
    'listSimilarRegions',
    { params: { id: review.id, region: region.id }, query: { limit: 5 } },
    { enabled: region.origin === 'model' },
  );
  const known = new Map(studio.lanes.map((one) => [one.id, one]));
  const items = (data?.items ?? []).flatMap(({ region: id, score }) => {
    const other = known.get(id);
    return other === undefined ? [] : [{ other, score }];
  });
  if (items.length === 0) return null;
  return (
    <p className="st-quiet">
      {words.track.similar}{' '}
      {items.map(({ other, score }) => (
        <button
          key={other.id}
          type="button"
          className="st-link"
          onClick={() => {
            studio.set.select(other.id);
            studio.set.seek(other.start);
          }}
        >
          {other.id} ({showPercent(score)})
        </button>
      ))}
    </p>
  );
}
