import { useEffect, useRef, type ReactNode } from 'react';
import { t } from '../../../../../web/text/en.ts';
import type { Alert } from '../site.ts';
import { pathOf } from './reason.ts';

/** Snapshots are made smaller than the stream from this width on; alerts of older versions do not say by how much. */
const SCALED_FROM = 1280;

/** A revealed snapshot with the thing and its path. It is painted, not loaded: it is in no cache. */
export function Drawn({
  alert,
  picture,
  label,
}: {
  readonly alert: Alert;
  readonly picture: ImageBitmap;
  readonly label: string;
}): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = picture;
  useEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(picture, 0, 0);
  }, [picture]);
  const path = pathOf(alert);
  const field = alert.picture ?? (width < SCALED_FROM ? { width, height } : undefined);
  const { x = 0, y = 0, width: wide = 0, height: high = 0 } = alert.box;
  return (
    <>
      <div className="tw-stage">
        <canvas
          ref={canvas}
          className="ww-canvas"
          width={width}
          height={height}
          role="img"
          aria-label={label}
        />
        {field !== undefined && (
          <svg
            className="tw-boxes"
            viewBox={`0 0 ${field.width} ${field.height}`}
            role="img"
            aria-label={t.watch.incident.boxOf}
          >
            <rect x={x} y={y} width={wide} height={high} />
            <polyline className="ww-path" points={path.map((point) => `${point.x},${point.y}`).join(' ')} />
          </svg>
        )}
      </div>
      {field === undefined && <p className="tw-quiet">{t.watch.incident.pathUnscaled}</p>}
    </>
  );
}
