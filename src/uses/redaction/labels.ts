import { area, holdsCentre, intersection, type PixelBox } from '../../core/box.ts';
import type { PlacedRegion } from './timeline.ts';

/** Where a text of so many characters would be drawn on a mask; undefined where nobody could read it. */
export type LabelRoom = (place: PlacedRegion, length: number) => PixelBox | undefined;

interface Written {
  readonly place: PlacedRegion;
  readonly codes: Set<string>;
  text: string;
  /** What the text takes of the picture. */
  ink: PixelBox;
}

/**
 * What is written on which masks, so that no text lies over another. A mask whose middle lies in a larger one carries
 * nothing, as a face in a head or lines on a screen; where texts would meet, the larger mask speaks for both. What speaks
 * for several codes names them all: "(b)(6), (b)(7)(E)". The same masks always give the same texts.
 */
export function labelsOf(
  placed: readonly PlacedRegion[],
  room: LabelRoom,
): ReadonlyMap<PlacedRegion, string> {
  let written: Written[] = [];
  const largestFirst = placed
    .filter(({ region: { label = '' } }) => label !== '')
    .toSorted((a, b) => area(b.box) - area(a.box));
  for (const place of largestFirst) {
    const host = written.find((other) => holdsCentre(other.place.box, place.box));
    const next = host ?? newlyWritten(place, room);
    if (next === undefined) continue;
    if (host === undefined) written.push(next);
    else if (!addCodes(host, [place.region.label ?? ''], room)) continue;
    written = withoutCrowding(written, next, room);
  }
  return new Map(written.map(({ place, text }) => [place, text]));
}

function newlyWritten(place: PlacedRegion, room: LabelRoom): Written | undefined {
  const text = place.region.label ?? '';
  const ink = room(place, [...text].length);
  return ink === undefined ? undefined : { place, codes: new Set([text]), text, ink };
}

/** @returns whether the text changed: all codes are named only where there is room to read them. */
function addCodes(written: Written, codes: Iterable<string>, room: LabelRoom): boolean {
  for (const code of codes) written.codes.add(code);
  const text = [...written.codes].toSorted().join(', ');
  const ink = text === written.text ? undefined : room(written.place, [...text].length);
  if (ink === undefined) return false;
  Object.assign(written, { text, ink });
  return true;
}

/** Joins what the changed text meets, until it meets nothing. */
function withoutCrowding(all: readonly Written[], changed: Written, room: LabelRoom): Written[] {
  const met = all.find((other) => other !== changed && area(intersection(other.ink, changed.ink)) > 0);
  if (met === undefined) return [...all];
  const [kept, dropped] = area(met.place.box) >= area(changed.place.box) ? [met, changed] : [changed, met];
  addCodes(kept, dropped.codes, room);
  return withoutCrowding(
    all.filter((other) => other !== dropped),
    kept,
    room,
  );
}
