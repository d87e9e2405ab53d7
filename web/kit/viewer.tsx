import { useState, type ReactNode } from 'react';
import type { Asset, Observation } from '../../src/client/index.ts';
import { t } from '../text/en.ts';
import { contentAddress, proxyAddress, useApi, useDo } from './api.ts';
import { isRecordDocument, RecordDocument } from './document.tsx';
import { showPercent } from './format.ts';
import { Button, Check } from './form.tsx';
import { JobProgress } from './job.tsx';

/** What every browser shows; the rest is looked at through a proxy or downloaded. */
const shown = /^image\/(jpeg|png|webp|gif|avif)$|^video\/(mp4|webm|quicktime)$|^audio\/(mpeg|mp4|wav|ogg)$/;
/** Boxes this far from the moment shown are drawn, in seconds. */
const NEAR = 0.12;

/** Whether people must be protected from it being seen by chance: what was not made for release. */
export function isSensitive({ role }: Pick<Asset, 'role'>): boolean {
  return role !== 'output' && role !== 'record';
}

/**
 * Shows a picture, film or sound. What is sensitive is not even loaded before somebody asks to see it; the server records
 * that they did.
 */
export function Viewer({ asset }: { readonly asset: Asset }): ReactNode {
  const [revealed, setRevealed] = useState(!isSensitive(asset));
  if (asset.erasedAt !== null) return <p className="tw-stage tw-stage--empty">{t.viewer.erased}</p>;
  if (isRecordDocument(asset)) return <RecordDocument asset={asset} />;
  if (!/^(image|video|audio)\//.test(asset.mediaType))
    return <p className="tw-stage tw-stage--empty">{t.viewer.notShown(asset.mediaType)}</p>;
  if (!revealed)
    return (
      <div className="tw-stage tw-stage--veiled">
        <p>{t.viewer.sensitive}</p>
        <Button kind="plain" onClick={() => setRevealed(true)}>
          {t.viewer.reveal}
        </Button>
        <p>{t.viewer.recorded}</p>
      </div>
    );
  if (!shown.test(asset.mediaType))
    return <ByProxy asset={asset} onHide={isSensitive(asset) ? () => setRevealed(false) : undefined} />;
  return (
    <Shown
      asset={asset}
      address={contentAddress(asset.id)}
      onHide={isSensitive(asset) ? () => setRevealed(false) : undefined}
    />
  );
}

interface ShownProps {
  readonly asset: Asset;
  /** Absent for what was made for release. */
  readonly onHide: (() => void) | undefined;
}

const proxyOf: Readonly<Record<string, 'video' | 'sound' | 'picture'>> = {
  image: 'picture',
  video: 'video',
  audio: 'sound',
};

/** Shows the copy that was made for viewing, or how far it is. */
function ByProxy({ asset, onHide }: ShownProps): ReactNode {
  const params = { id: asset.id };
  const proxy = useApi('getProxy', { params }, { everyMs: 3000 });
  const ask = useDo('requestProxy', ['getProxy']);
  const kind = proxyOf[asset.mediaType.split('/')[0] ?? ''];
  if (proxy.data === undefined || kind === undefined) return null;
  if (proxy.data.made.some((one) => one.kind === kind))
    return <Shown asset={asset} address={proxyAddress(asset.id, kind)} onHide={onHide} />;
  const { job, error } = proxy.data;
  return (
    <div className="tw-stage tw-stage--empty">
      <p>{t.viewer.notPrepared(asset.mediaType)}</p>
      {job === null || error !== null ? (
        <Button onClick={() => ask.mutate({ params })}>{t.viewer.prepare}</Button>
      ) : (
        <JobProgress id={job} />
      )}
    </div>
  );
}

function Shown({ asset, address, onHide }: ShownProps & { readonly address: string }): ReactNode {
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [at, setAt] = useState(0);
  const [boxes, setBoxes] = useState(true);
  const [failed, setFailed] = useState(false);
  const observations = useObservations(asset);
  const isVideo = asset.mediaType.startsWith('video/');
  if (failed) return <p className="tw-stage tw-stage--empty">{t.viewer.failed}</p>;
  if (asset.mediaType.startsWith('audio/'))
    return <audio controls src={address} onError={() => setFailed(true)} />;
  const drawn = isVideo ? observations.filter((one) => Math.abs(one.at - at) <= NEAR) : observations;
  return (
    <figure className="tw-figure">
      <div className="tw-stage">
        {isVideo ? (
          <video
            controls
            preload="metadata"
            src={address}
            onError={() => setFailed(true)}
            onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
            onLoadedMetadata={({ currentTarget: { videoWidth: width, videoHeight: height } }) =>
              setSize({ width, height })
            }
          />
        ) : (
          <img
            src={address}
            alt={t.viewer.alt(asset.name)}
            onError={() => setFailed(true)}
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
              setSize({ width, height })
            }
          />
        )}
        {boxes && size.width > 0 && <Boxes size={size} observations={drawn} />}
      </div>
      <figcaption className="tw-row">
        {observations.length > 0 && (
          <Check
            label={t.viewer.boxes(observations.length)}
            checked={boxes}
            onChange={() => setBoxes(!boxes)}
          />
        )}
        {onHide !== undefined && (
          <Button kind="unstyled" onClick={onHide}>
            {t.viewer.hide}
          </Button>
        )}
      </figcaption>
    </figure>
  );
}

function Boxes({
  size,
  observations,
}: {
  readonly size: { readonly width: number; readonly height: number };
  readonly observations: readonly Observation[];
}): ReactNode {
  return (
    <svg
      className="tw-boxes"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={t.viewer.boxesOf(observations.length)}
    >
      {observations.map(({ id, box, class: kind, score }) => (
        <g key={id}>
          <rect {...box} />
          <text x={box.x} y={box.y - 4} fontSize={size.height / 50}>
            {kind} {showPercent(score)}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Files without a known start were seen when they came in. */
function useObservations({ id, createdAt }: Asset): readonly Observation[] {
  const from = new Date(Date.parse(createdAt) - 86_400_000).toISOString();
  const to = new Date(Date.parse(createdAt) + 7 * 86_400_000).toISOString();
  const { data } = useApi('listObservations', { query: { asset: id, from, to, limit: 500 } });
  return data?.items ?? [];
}
