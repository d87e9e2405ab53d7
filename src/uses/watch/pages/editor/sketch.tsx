import type { ReactNode } from 'react';
import { t } from '../../../../../web/text/en.ts';
import type { CameraText } from '../site-text.ts';

/** What a camera looks at, as its part of the site file has it, without a picture. */
export function Sketch({ camera }: { readonly camera: CameraText }): ReactNode {
  return (
    <svg className="ww-sketch" viewBox="0 0 1600 900" role="img" aria-label={t.watch.plan.sketch(camera.id)}>
      <rect className="ww-ground" width="1600" height="900" />
      <Shapes camera={camera} />
    </svg>
  );
}

/** Zones, privacy zones and lines on a field of 1600 by 900. */
export function Shapes({ camera }: { readonly camera: CameraText }): ReactNode {
  const points = (polygon: readonly (readonly [number, number])[]): string =>
    polygon.map(([x, y]) => `${x * 1600},${y * 900}`).join(' ');
  return (
    <>
      {camera.zones.map(({ id, polygon }) => (
        <g key={id}>
          <polygon className="ww-zone" points={points(polygon)} />
          <text x={(polygon[0]?.[0] ?? 0) * 1600 + 12} y={(polygon[0]?.[1] ?? 0) * 900 + 44}>
            {id}
          </text>
        </g>
      ))}
      {camera.privacy.map(({ name, polygon }) => (
        <g key={name}>
          <polygon className="ww-private" points={points(polygon)} />
          <text
            className="ww-private__name"
            x={(polygon[0]?.[0] ?? 0) * 1600 + 12}
            y={(polygon[0]?.[1] ?? 0) * 900 + 44}
          >
            {name}
          </text>
        </g>
      ))}
      {camera.lines.map(({ id, from, to }) => (
        <g key={id}>
          <polyline className="ww-line" points={points([from, to])} />
          <text x={from[0] * 1600 + 12} y={from[1] * 900 - 12}>
            {id}
          </text>
        </g>
      ))}
    </>
  );
}
