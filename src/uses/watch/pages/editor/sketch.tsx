import type { ReactNode } from 'react';
import { t } from '../../../../../web/text/en.ts';
import type { CameraText } from '../site-text.ts';
import { FIELD_WIDTH, fieldHeight } from './field.ts';
import './editor.css';

/** What a camera looks at, as its part of the site file has it, without a picture. */
export function Sketch({ camera }: { readonly camera: CameraText }): ReactNode {
  return (
    <svg
      className="ww-sketch"
      viewBox={`0 0 ${FIELD_WIDTH} ${fieldHeight(undefined)}`}
      role="img"
      aria-label={t.watch.plan.sketch(camera.id)}
    >
      <rect className="ww-ground" width={FIELD_WIDTH} height={fieldHeight(undefined)} />
      <Shapes camera={camera} height={fieldHeight(undefined)} />
    </svg>
  );
}

/** Zones, privacy zones and lines on a field so high. */
export function Shapes({
  camera,
  height,
}: {
  readonly camera: Pick<CameraText, 'zones' | 'privacy' | 'lines'>;
  readonly height: number;
}): ReactNode {
  const points = (polygon: readonly (readonly [number, number])[]): string =>
    polygon.map(([x, y]) => `${x * FIELD_WIDTH},${y * height}`).join(' ');
  return (
    <>
      {camera.zones.map(({ id, polygon }) => (
        <g key={id}>
          <polygon className="ww-zone" points={points(polygon)} />
          <text x={(polygon[0]?.[0] ?? 0) * FIELD_WIDTH + 12} y={(polygon[0]?.[1] ?? 0) * height + 44}>
            {id}
          </text>
        </g>
      ))}
      {camera.privacy.map(({ name, polygon }) => (
        <g key={name}>
          <polygon className="ww-private" points={points(polygon)} />
          <text
            className="ww-private__name"
            x={(polygon[0]?.[0] ?? 0) * FIELD_WIDTH + 12}
            y={(polygon[0]?.[1] ?? 0) * height + 44}
          >
            {name}
          </text>
        </g>
      ))}
      {camera.lines.map(({ id, from, to }) => (
        <g key={id}>
          <polyline className="ww-line" points={points([from, to])} />
          <text x={from[0] * FIELD_WIDTH + 12} y={from[1] * height - 12}>
            {id}
          </text>
        </g>
      ))}
    </>
  );
}
