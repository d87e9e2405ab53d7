import { useEffect, useEffectEvent, useState } from 'react';
import { useDo } from '../../../../../web/kit/api.ts';
import { useJob } from '../../../../../web/kit/job.tsx';
import type { FollowReport } from '../../review/edit.ts';
import { words } from '../words.ts';
import { isThere, placeOf } from './placed.ts';
import { showClock } from './timeline-paint.ts';
import type { Studio } from './use-studio.ts';

/** A box that is followed through the recording. It goes on whatever else is looked at meanwhile. */
export interface Following {
  /** The track whose box it is; absent when nothing is followed. */
  readonly region: string | undefined;
  readonly job: string | undefined;
  readonly error: unknown;
  /** Whether the chosen track can be followed from the frame shown. */
  readonly ready: boolean;
  start(): void;
}

export function useFollow(studio: Studio): Following {
  const follow = useDo('followBox');
  const [asked, setAsked] = useState<{ readonly region: string; readonly job: string }>();
  const job = useJob(asked?.job);
  const { selected, time, editable, set } = studio;
  const arrived = useEffectEvent((result: unknown) => {
    const region = asked?.region ?? '';
    setAsked(undefined);
    const { keyframes, before, after } = result as Partial<FollowReport>;
    const [first, last] = [keyframes?.at(0), keyframes?.at(-1)];
    if (keyframes === undefined || first === undefined || last === undefined)
      return set.message(words.said.notFollowed(region));
    const says = words.said.followed(region, showClock(first[0]), showClock(last[0]));
    const ends = [before, after].flatMap((end) =>
      end === null || end === undefined || !isUnsure(end.why)
        ? []
        : [words.said.stopped(showClock(end.at), words.follow.why[end.why])],
    );
    // What was followed may have been deleted meanwhile, or the review submitted: the refusal says so.
    studio.edit([says, ...ends].join(' '), { op: 'path', region, keyframes: [...keyframes] });
  });
  const failed = useEffectEvent(() => {
    set.message(words.said.notFollowed(asked?.region ?? ''));
    setAsked(undefined);
  });
  const state = job?.id === asked?.job ? job?.state : undefined;
  useEffect(() => {
    if (state === 'done') arrived(job?.result);
    else if (state === 'failed' || state === 'cancelled') failed();
  }, [state, job?.result]);
  const isHere = selected !== undefined && isThere(selected, time);
  const ready = editable && studio.clock.count > 1 && isHere && asked === undefined;
  return {
    ...{ region: asked?.region, job: asked?.job, error: follow.error, ready },
    start: () => {
      if (!ready) return set.message(asked === undefined ? words.follow.choose : words.follow.busy);
      const { x, y, width, height } = placeOf(selected, time);
      const body = { at: time, box: [x, y, width, height], class: selected.class };
      set.message(words.follow.started(selected.id));
      follow.mutate(
        { params: { id: studio.now.review.id }, body },
        { onSuccess: (answer) => setAsked({ region: selected.id, job: answer.job }) },
      );
    },
  };
}

/** Whether a person has to look on where following ended. */
function isUnsure(why: string): why is keyof typeof words.follow.why {
  return why in words.follow.why;
}
