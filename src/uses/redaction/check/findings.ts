import type { PixelBox } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import type { MissingFill } from './fill.ts';
import { spanOf, type Leftover } from './leftovers.ts';
import type { Draft } from './rank.ts';
import { outsideId } from './solid-fill.ts';

export function fillFinding({ place, start, end, frames }: MissingFill): Draft {
  const { region, box } = place;
  return {
    kind: 'fill-missing',
    level: 'leak',
    class: region.class,
    ...(region.id === outsideId ? {} : { region: region.id }),
    start: micro(start),
    end: micro(end),
    box: rounded(box),
    frames,
    urgency: 1,
    says:
      region.id === outsideId
        ? 'What lies outside of the windows of the plan is not covered as it says.'
        : `The mask of ${region.id} is not in the picture as the plan says it must be.`,
  };
}

const names: Readonly<Record<string, string>> = {
  face: 'A face',
  head: 'The head of a person',
  person: 'A person',
  vehicle: 'A vehicle',
  plate: 'A plate',
  screen: 'A screen',
  text: 'A line of text',
  code: 'A code',
  bag: 'A bag',
};

export function leftoverFinding(leftover: Leftover): Draft {
  const { class: name, sightings, level } = leftover;
  const score = Math.max(...sightings.map((sighting) => sighting.score));
  const { start, end } = spanOf(leftover);
  const what = names[name] ?? `Something of class ${name}`;
  return {
    kind: 'leftover',
    level,
    class: name,
    start: micro(start),
    end: micro(end),
    box: rounded(sightings[0]!.box),
    frames: sightings.length,
    score: Math.min(1, Math.round(score * 1000) / 1000),
    urgency: level === 'leak' ? 0.7 + 0.25 * score : 0.2 + 0.4 * score,
    says:
      level === 'leak'
        ? `${what} can still be seen, and no mask covers it.`
        : `${what} may still be seen; the evidence is weak.`,
  };
}

export function micro(time: Seconds): Seconds {
  return Math.round(time * 1e6) / 1e6;
}

export function rounded({ x, y, width, height }: PixelBox): Draft['box'] {
  const tenth = (pixels: number): number => Math.round(pixels * 10) / 10;
  return [tenth(x), tenth(y), tenth(width), tenth(height)];
}
