import { useEffect, useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, keyOf } from '../../../../../web/kit/api.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { t } from '../../../../../web/text/en.ts';
import { asText, hasRoute, type Alert } from '../site.ts';
import { Drawn } from './drawn.tsx';
import { AskReason, unmasked } from './reveal.tsx';

const words = t.watch.incident;
const hasMasked = hasRoute('/watch/alerts/{id}/masked.jpg');
const hasMaskedClip = hasRoute('/watch/alerts/{id}/masked.mp4');

/** Pictures and clips are kept a while after the alert is told: so long they are asked for again, so often. */
const [COMING_MS, AGAIN_MS] = [120_000, 2000];

type Shown =
  | { readonly what: 'snapshot'; readonly picture: ImageBitmap }
  | { readonly what: 'clip'; readonly address: string };

/** The picture of an alert: people covered for everybody, as the camera saw it for whoever may and says why. */
export function AlertPicture({
  alert,
  onKeep,
}: {
  readonly alert: Alert;
  /** Somebody asks for more of it: what comes later must not take its place. */
  readonly onKeep: () => void;
}): ReactNode {
  const [asking, setAsking] = useState<'snapshot' | 'clip'>();
  const [shown, setShown] = useState<Shown>();
  const [clip, setClip] = useState(false);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const queries = useQueryClient();
  const gone = !hasMasked || failed;
  const incomplete = failed || !alert.hasSnapshot || !alert.hasClip;
  const may = useMay()(unmasked, alert.site);
  useEffect(
    () => () => {
      if (shown?.what === 'clip') URL.revokeObjectURL(shown.address);
      if (shown?.what === 'snapshot') shown.picture.close();
    },
    [shown],
  );
  useEffect(() => {
    if (!incomplete || Date.now() - Date.parse(alert.at) > COMING_MS) return undefined;
    const timer = setTimeout(() => {
      setTries((before) => before + 1);
      setFailed(false);
      void queries.invalidateQueries({ queryKey: keyOf('getIncident') });
    }, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [incomplete, tries, alert.at, queries]);
  const text = asText(alert.reason['text']) ?? '';
  const reveal = async (what: 'snapshot' | 'clip', reason: string): Promise<void> => {
    const { id } = alert;
    const blob = await (await api.fetch('revealAlert', { params: { id }, body: { what, reason } })).blob();
    setShown(
      what === 'snapshot'
        ? { what, picture: await createImageBitmap(blob) }
        : { what, address: URL.createObjectURL(blob) },
    );
    setAsking(undefined);
  };
  const ask = (what: 'snapshot' | 'clip'): void => {
    onKeep();
    setAsking(what);
  };
  const masked = `/api/v1/watch/alerts/${alert.id}/masked`;
  return (
    <figure className="tw-figure">
      {shown?.what === 'snapshot' && (
        <Drawn alert={alert} picture={shown.picture} label={words.pictureAlt(text)} />
      )}
      {shown?.what === 'clip' && (
        <div className="tw-stage">
          <video controls autoPlay muted src={shown.address} aria-label={words.pictureAlt(text)} />
        </div>
      )}
      {shown === undefined && !gone && !clip && (
        <div className="tw-stage">
          <img src={`${masked}.jpg`} alt={words.pictureAlt(text)} onError={() => setFailed(true)} />
        </div>
      )}
      {shown === undefined && clip && (
        <div className="tw-stage">
          <video controls autoPlay muted src={`${masked}.mp4`} aria-label={words.maskedClip} />
        </div>
      )}
      <figcaption>
        <p className="tw-quiet">
          {!alert.hasSnapshot && !alert.hasClip
            ? words.noPicture
            : shown !== undefined
              ? words.revealed
              : !gone
                ? words.masked
                : may
                  ? words.hidden
                  : words.notYours}
        </p>
        <div className="tw-row">
          {hasMaskedClip && alert.hasClip && !clip && (
            <Button
              onClick={() => {
                onKeep();
                setClip(true);
              }}
            >
              {words.maskedClip}
            </Button>
          )}
          {may && alert.hasSnapshot && <Button onClick={() => ask('snapshot')}>{words.reveal}</Button>}
          {may && alert.hasClip && <Button onClick={() => ask('clip')}>{words.revealClip}</Button>}
        </div>
      </figcaption>
      {asking !== undefined && (
        <AskReason onClose={() => setAsking(undefined)} onGiven={(reason) => reveal(asking, reason)} />
      )}
    </figure>
  );
}
