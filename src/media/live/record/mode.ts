import { TidewaiterError } from '../../../core/errors.ts';

/** Corners of a zone as fractions of the picture. */
export type ZonePolygon = readonly (readonly [number, number])[];

/** How a camera may be recorded. */
export type RecordingMode =
  /** Its stream as it comes, which costs next to nothing. */
  | { readonly kind: 'copy' }
  /** Decoded, blanked and encoded again: a copy of the stream would hold what lies in the zones. */
  | { readonly kind: 'blanked'; readonly zones: readonly ZonePolygon[] };

/** Privacy zones are never recorded, so a camera that has any cannot be copied. */
export function recordingMode(zones: readonly ZonePolygon[]): RecordingMode {
  return zones.length === 0 ? { kind: 'copy' } : { kind: 'blanked', zones };
}

/**
 * Call before a copied stream is recorded.
 * @throws TidewaiterError `E_PRIVACY_RECORDED`.
 */
export function assertMayCopy(mode: RecordingMode): void {
  if (mode.kind === 'copy') return;
  throw new TidewaiterError(
    'E_PRIVACY_RECORDED',
    'The stream of a camera with privacy zones was to be recorded as it is',
    'Record it blanked, which encodes it again, or do not record it.',
  );
}
