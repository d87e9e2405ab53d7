import type { ReactNode } from 'react';
import { qrCode } from './qr.ts';

const QUIET = 4;

/** A QR code as a drawing. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const rows = qrCode(text);
  const side = rows.length + 2 * QUIET;
  const path = rows
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      className="tw-qr"
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
