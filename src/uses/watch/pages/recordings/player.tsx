import { useEffect, useState, type ReactNode } from 'react';
import { api, type Answer } from '../../../../../web/kit/api.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { Problem } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { AskReason } from '../incident/reveal.tsx';
import type { Camera } from '../site.ts';
import { timeAt } from './site-clock.ts';

const words = t.watch.recordings;

interface Part {
  readonly address: string;
  /** Of its first picture: a key frame, mostly a little before what was asked for. */
  readonly begins: number;
  readonly to: number;
  readonly about: Answer<'listRecordingGaps'>;
}

/** A part of a recording as the camera saw it, after a reason; the parts behind it follow under the same reason. */
export function Player({
  camera,
  from,
  lengthMs,
  timeZone,
  onEnd,
}: {
  readonly camera: Camera;
  readonly from: number;
  readonly lengthMs: number;
  readonly timeZone: string;
  readonly onEnd: () => void;
}): ReactNode {
  const [reason, setReason] = useState<string>();
  const [part, setPart] = useState<Part>();
  const [at, setAt] = useState(0);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  useEffect(
    () => () => {
      if (part !== undefined) URL.revokeObjectURL(part.address);
    },
    [part],
  );
  const load = async (start: number, why: string): Promise<void> => {
    const period = { from: new Date(start).toISOString(), to: new Date(start + lengthMs).toISOString() };
    const params = { id: camera.id };
    const response = await api.fetch('playRecording', { params, query: { ...period, reason: why } });
    const begins = Date.parse(response.headers.get('x-begins-at') ?? period.from);
    const address = URL.createObjectURL(await response.blob());
    const { body } = await api.call('listRecordingGaps', { params, query: period });
    setPart({ address, begins, to: start + lengthMs, about: body });
    setAt(0);
  };
  const next = async (): Promise<void> => {
    if (part === undefined || reason === undefined || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await load(part.to, reason);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  useKeys(part === undefined ? [] : [{ key: 'n', does: words.nextKey, run: () => void next() }]);
  if (reason === undefined)
    return (
      <AskReason
        onClose={onEnd}
        onGiven={async (why) => {
          await load(from, why);
          setReason(why);
        }}
      />
    );
  if (part === undefined) return null;
  const clock = (moment: string | number): string => timeAt(new Date(moment).toISOString(), timeZone);
  return (
    <figure className="tw-figure">
      <div className="tw-stage">
        <video
          controls
          autoPlay
          muted
          src={part.address}
          aria-label={words.ofDay(clock(part.begins), camera.name)}
          onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
        />
      </div>
      <figcaption>
        <p className="ww-clock">
          <strong>{words.clock(clock(part.begins + at * 1000))}</strong> · {words.shown}
        </p>
        {part.about.streams.length > 1 && <p>{words.ends}</p>}
        {part.about.gaps.length > 0 && (
          <p>
            {words.gaps}:{' '}
            {part.about.gaps
              .map((gap) => words.gap(clock(gap.from), clock(gap.to), words.gapWhy[gap.why]))
              .join('; ')}
          </p>
        )}
        <Problem error={error} />
        <div className="tw-row">
          <Button disabled={busy} onClick={() => void next()}>
            {words.next} <kbd>n</kbd>
          </Button>
          <Button onClick={onEnd}>{words.end}</Button>
        </div>
      </figcaption>
    </figure>
  );
}
