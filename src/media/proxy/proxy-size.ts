import type { Size } from '../../core/box.ts';
import type { Orientation } from '../surface.ts';
import { displayedSize } from '../video/orientation.ts';

/** The sizes a picture goes through on its way into the proxy. */
export interface ProxySize {
  /** Scaled, still turned as it is stored. */
  readonly scaled: Size;
  /** The same as it is seen: what of each frame is picture. */
  readonly shown: Size;
  /** Of the frames: `shown`, with an odd side extended by one. */
  readonly frame: Size;
}

/** @param largestSide of the shorter side as it is seen: pictures are made smaller, never larger. */
export function proxySize(stored: Size, orientation: Orientation, largestSide: number): ProxySize {
  const ratio = largestSide / Math.min(stored.width, stored.height);
  const side = (length: number): number => Math.max(2, Math.round((length * ratio) / 2) * 2);
  // What is scaled anyway is scaled to even sides; what is not keeps each of its pixels.
  const scaled =
    ratio < 1
      ? { width: side(stored.width), height: side(stored.height) }
      : { width: stored.width, height: stored.height };
  const shown = displayedSize(scaled, orientation);
  const frame = { width: shown.width + (shown.width % 2), height: shown.height + (shown.height % 2) };
  return { scaled, shown, frame };
}

/** Scales down so that both sides fit; pictures are not made larger. */
export function fitted({ width, height }: Size, most: Size): Size {
  const ratio = Math.min(1, most.width / width, most.height / height);
  const side = (length: number): number => Math.max(1, Math.round(length * ratio));
  return { width: side(width), height: side(height) };
}
