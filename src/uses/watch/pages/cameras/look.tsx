import { useEffect, useState, type ReactNode } from 'react';
import { useApi } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Button } from '../../../../../web/kit/form.tsx';
import { Go } from '../../../../../web/kit/go.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { asText, type Camera } from '../site.ts';
import { Painted } from '../wall/painted.tsx';
import { pictures } from '../wall/multipart.ts';

const words = t.watch.cameras;
const AGAIN_MS = 1000;

/** Whether a camera works: its first picture, or plainly what is wrong and what to do about it. */
export function Look({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  const asked = useApi('getCamera', { params: { id } }, { everyMs: AGAIN_MS });
  const camera = asked.data;
  const picture = useFirstPicture(id);
  if (camera === undefined)
    return (
      <Dialog title={words.test} onClose={onClose}>
        <Waiting query={asked} />
      </Dialog>
    );
  const { said, isWrong, todo } = standing(camera, picture !== undefined);
  return (
    <Dialog title={words.looking(camera.name)} onClose={onClose} wide>
      <div
        role="status"
        className={`usa-alert usa-alert--slim ${isWrong ? 'usa-alert--error' : 'usa-alert--info'}`}
      >
        <div className="usa-alert__body">
          <p className="usa-alert__text">
            <strong>{said}</strong> {todo}
          </p>
        </div>
      </div>
      {picture !== undefined && camera.state === 'seeing' && (
        <figure className="ww-first" aria-label={words.picture}>
          <Painted picture={picture} />
        </figure>
      )}
      <p className="tw-quiet">{camera.source.url}</p>
      <div className="tw-row">
        <Button kind="plain" onClick={onClose}>
          {t.form.close}
        </Button>
        {camera.state === 'seeing' && (
          <span>
            <Go to={`/watch/rules?camera=${camera.slot}`}>{words.toRules}</Go> {words.noRules}
          </span>
        )}
      </div>
    </Dialog>
  );
}

interface Standing {
  readonly said: string;
  readonly isWrong: boolean;
  readonly todo?: string;
}

/** How a test of a camera stands, in words. */
function standing({ enabled, state, why, problem }: Camera, hasPicture: boolean): Standing {
  const { steps, remedies } = words;
  const code = asText(why) ?? '';
  const what = t.watch.camera.why[code] ?? code;
  if (!enabled) return { said: steps.off, isWrong: false };
  if (state === 'blind' && code.startsWith('E_'))
    return { said: steps.wrong(what), isWrong: true, todo: remedies[code] ?? code };
  if (state === 'blind') return { said: steps.ill(what), isWrong: true };
  if (state === 'seeing') return { said: hasPicture ? steps.seeing : steps.waiting, isWrong: false };
  if (problem !== null) return { said: steps.wrong(problem.message), isWrong: true, todo: problem.remedy };
  return { said: state === 'connecting' ? steps.connecting : steps.starting, isWrong: false };
}

/** The first picture of a camera, with people covered; asked for until there is one. */
function useFirstPicture(camera: string): ImageBitmap | undefined {
  const [shown, setShown] = useState<ImageBitmap>();
  useEffect(() => {
    if (shown !== undefined) return undefined;
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      const address = `/api/v1/watch/cameras/${camera}/masked?follow=no`;
      for await (const { jpeg } of pictures(address, stop.signal)) setShown(await createImageBitmap(jpeg));
    };
    let isAsking = false;
    const ask = (): void => {
      if (isAsking) return;
      isAsking = true;
      // A camera whose service is not there yet has no picture; it is asked again.
      look()
        .catch(() => undefined)
        .finally(() => (isAsking = false));
    };
    ask();
    const timer = setInterval(ask, AGAIN_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [camera, shown]);
  return shown;
}
