import { csv } from '../../../report/csv.ts';
import { formatTime, type Seconds } from '../../../core/time.ts';
import type { RedactionRecord } from './schema.ts';

/** One thing that was withheld. Times are seconds of the source's clock; a region of a picture has a place in their stead. */
export interface Exemption {
  readonly id: string;
  readonly class: string;
  readonly start?: Seconds;
  readonly end?: Seconds;
  /** x, y, width and height in pixels. */
  readonly box?: readonly [number, number, number, number];
  readonly style: string;
  readonly code?: string;
  readonly basis?: string;
  readonly proposedBy: 'model' | 'person' | 'rule';
}

/** Everything that was withheld: each covered region, what lies outside the boxes to keep, and sound. */
export function exemptions(record: RedactionRecord): Exemption[] {
  const bases = new Map(record.reasons.map(({ code, basis }) => [code, basis]));
  const timed = record.source.kind === 'video';
  const whole = timed ? { start: 0, end: record.source.duration } : {};
  const regions = record.covered.map(({ id, class: name, start, end, box, style, reason, origin }) => {
    const basis = reason === undefined ? undefined : bases.get(reason);
    return {
      id,
      class: name,
      ...(timed ? { start, end } : {}),
      ...(box === undefined ? {} : { box }),
      style,
      ...(reason === undefined ? {} : { code: reason }),
      ...(basis === undefined ? {} : { basis }),
      proposedBy: origin,
    };
  });
  const outside: Exemption[] =
    record.keepOnly === undefined
      ? []
      : [{ id: 'outside', class: 'outside', ...whole, style: record.keepOnly.style, proposedBy: 'person' }];
  return [...regions, ...outside, ...soundExemptions(record, whole)];
}

function soundExemptions({ sound, audio }: RedactionRecord, whole: object): Exemption[] {
  if (sound.mode === 'spans') {
    return sound.spans.map(([start, end], index) => ({
      id: `sound-${index + 1}`,
      class: 'sound',
      start,
      end,
      style: sound.style,
      proposedBy: 'person',
    }));
  }
  // A recording without sound has nothing to withhold.
  if (sound.mode === 'keep' || (audio.length === 0 && sound.mode === 'mute')) return [];
  return [{ id: 'sound', class: 'sound', ...whole, style: sound.mode, proposedBy: 'rule' }];
}

const header = [
  'file',
  'id',
  'class',
  'start',
  'end',
  'place',
  'style',
  'reason_code',
  'statutory_basis',
  'proposed_by',
  'reviewed_by',
  'reviewed_on',
  'decision',
  'remarks',
];

/**
 * The exemption log as CSV: a row for each thing that was withheld, with empty columns for the person who reviews. Times
 * are `h:mm:ss.mmm`, places of pictures `x y width height` in pixels.
 */
export function exemptionLog(record: RedactionRecord): string {
  const time = (seconds: Seconds | undefined): string => (seconds === undefined ? '' : formatTime(seconds));
  return csv(
    header,
    exemptions(record).map(({ id, class: name, start, end, box, style, code, basis, proposedBy }) => [
      record.output.file,
      id,
      name,
      time(start),
      time(end),
      placeOf(box),
      style,
      code,
      basis,
      proposedBy,
      ...['', '', '', ''],
    ]),
  );
}

/** Where a region of a picture lies, in whole pixels; empty for others. */
export function placeOf(box: Exemption['box']): string {
  return box?.map((side) => Math.round(side)).join(' ') ?? '';
}
