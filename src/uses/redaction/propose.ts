import { holdsCentre, hull, scaled, type PixelBox } from '../../core/box.ts';
import { boxOnPath, type TimedBox } from '../../core/path.ts';
import type { Seconds } from '../../core/time.ts';
import { isPlateLike, majority, textKeyframes, type TextTrack } from '../../vision/text-tracks.ts';
import { isContainerSerial } from '../../vision/text/patterns/container-number.ts';
import type { Trajectory } from '../../vision/track/trajectory.ts';
import { headProposals, ownerOf, usualMargins, type PeopleMargins } from './heads.ts';
import type { Proposal } from './proposal.ts';

/** Where and when something is. */
type Path = Pick<Proposal, 'start' | 'end' | 'keyframes'>;

/** Everything that was followed through a file. Pictures have tracks of one moment. */
export interface Followed {
  readonly trajectories: readonly Trajectory[];
  readonly texts: readonly TextTrack[];
}

/**
 * How much larger than the detector's box a class is covered, across and down: the boxes are tight to a few pixels.
 */
const margins: Readonly<Record<string, readonly [number, number]>> = {
  person: [1.1, 1.05],
  vehicle: [1.05, 1.05],
  screen: [1.08, 1.08],
  code: [1.15, 1.15],
};
const otherMargin = [1.1, 1.1] as const;
/** Margins of text in line heights, on each side: [across, down]. */
const textMargins = {
  text: [0.6, 0.35],
  /** The check digit stands apart in a box of its own, which detectors take for no letter. */
  'container-number': [2.4, 0.35],
  /** Letters are half of a plate's height and two thirds of its width, and detectors may miss those at the ends. */
  plate: [1.4, 0.9],
} as const;

/**
 * Turns what was followed into what may be covered, margins included.
 * @param people margins of faces and heads.
 */
export function propose(followed: Followed, people: PeopleMargins = usualMargins): Proposal[] {
  const ofClass = (name: string): Trajectory[] =>
    followed.trajectories.filter((trajectory) => trajectory.class === name);
  const persons = ofClass('person');
  const facesOf = new Map<string, Trajectory[]>();
  const faces = ofClass('face').map((face): Proposal => {
    const proposal = withMargin(face, people);
    const owner = ownerOf(face, proposal.keyframes, persons, people);
    if (owner === undefined) return proposal;
    const { person, standsIn } = owner;
    if (standsIn) facesOf.set(person.id, [...(facesOf.get(person.id) ?? []), face]);
    return { ...proposal, subject: person.id };
  });
  const heads = persons.flatMap((person) => headProposals(person, facesOf.get(person.id) ?? [], people));
  const others = followed.trajectories
    .filter((trajectory) => trajectory.class !== 'face')
    .map((trajectory) => withMargin(trajectory, people));
  return [...faces, ...heads, ...others, ...textProposals(followed.texts, ofClass('vehicle'))];
}

function withMargin(trajectory: Trajectory, people: PeopleMargins): Proposal {
  const [across, down] =
    (trajectory.class === 'face' ? people.face : margins[trajectory.class]) ?? otherMargin;
  const { id, class: name, bestScore: score, detections, start, end } = trajectory;
  const keyframes = trajectory.keyframes.map(({ time, box }) => ({ time, box: scaled(box, across, down) }));
  return { id, class: name, score, detections, start, end, keyframes };
}

function textProposals(texts: readonly TextTrack[], vehicles: readonly Trajectory[]): Proposal[] {
  const counts = new Map<string, number>();
  return texts.map((track) => {
    const number = (counts.get(track.class) ?? 0) + 1;
    counts.set(track.class, number);
    const vehicle = track.class === 'plate' ? vehicleOf(track, vehicles) : undefined;
    const path: Path =
      vehicle === undefined
        ? { start: track.start, end: track.end, keyframes: textKeyframes(track) }
        : fixedTo(vehicle, track);
    const kinds = track.sightings.flatMap(({ observation }) => observation.kind ?? []);
    return {
      id: `${track.class}-${number}`,
      class: track.class,
      ...(kinds.length === 0 ? {} : { kind: majority(kinds) }),
      ...(vehicle === undefined ? {} : { subject: vehicle.id }),
      score: Math.max(...track.sightings.map(({ observation }) => observation.score)),
      detections: track.sightings.length,
      start: path.start,
      end: path.end,
      keyframes: wholeLine(path.keyframes, kinds).map(({ time, box }) => ({
        time,
        box: textMargin(box, track, kinds),
      })),
    };
  });
}

/**
 * Lines of a machine-readable zone end in fillers that detectors see in one look and not in the next: each keyframe is
 * made as long for its height as the line was at its longest.
 */
function wholeLine(path: readonly TimedBox[], kinds: readonly string[]): readonly TimedBox[] {
  if (!kinds.includes('mrz')) return path;
  const longest = Math.max(...path.map(({ box }) => box.width / box.height));
  return path.map(({ time, box }) => ({ time, box: { ...box, width: longest * box.height } }));
}

function textMargin(box: PixelBox, track: TextTrack, kinds: readonly string[]): PixelBox {
  if (track.class === 'code') return scaled(box, ...(margins['code'] ?? otherMargin));
  const container =
    kinds.includes('container-number') ||
    track.sightings.some(({ observation }) => isContainerSerial(observation.text ?? ''));
  const may = [
    textMargins.text,
    ...(container ? [textMargins['container-number']] : []),
    ...(isPlateLike(track) ? [textMargins.plate] : []),
  ];
  const across = Math.max(...may.map(([x]) => x));
  const down = Math.max(...may.map(([, y]) => y));
  return scaled(box, 1 + (2 * across * box.height) / box.width, 1 + 2 * down);
}

/** The vehicle that holds most sightings of a plate, and half of them at least. */
function vehicleOf(plate: TextTrack, vehicles: readonly Trajectory[]): Trajectory | undefined {
  const holders = plate.sightings.flatMap(({ time, observation }) =>
    vehicles.filter(
      (vehicle) =>
        time >= vehicle.start &&
        time <= vehicle.end &&
        holdsCentre(boxOnPath(vehicle.keyframes, time), observation.box),
    ),
  );
  if (holders.length === 0) return undefined;
  const vehicle = majority(holders);
  const held = holders.filter((holder) => holder === vehicle).length;
  return held * 2 >= plate.sightings.length ? vehicle : undefined;
}

/**
 * A plate keeps its place on its vehicle. Once it was seen it is covered for as long as the vehicle is, also while
 * the vehicle is too far or too fast to read, and it moves with the vehicle between looks for text. Before and after
 * the vehicle's own time it is covered as other text is. Boxes of vehicles waver, most at the edges of the picture, so
 * while the plate itself was followed, where that leads is covered as well.
 */
function fixedTo(vehicle: Trajectory, plate: TextTrack): Path {
  const places = plate.sightings.map(({ time, observation }) => {
    const frame = boxOnPath(vehicle.keyframes, time);
    const { x, y, width, height } = observation.box;
    return {
      time,
      box: {
        x: (x - frame.x) / frame.width,
        y: (y - frame.y) / frame.height,
        width: width / frame.width,
        height: height / frame.height,
      },
    };
  });
  const carried = vehicle.keyframes.map(({ time, box: frame }) => {
    const place = boxOnPath(places, time);
    return {
      time,
      box: {
        x: frame.x + place.x * frame.width,
        y: frame.y + place.y * frame.height,
        width: place.width * frame.width,
        height: place.height * frame.height,
      },
    };
  });
  const own = textKeyframes(plate);
  const readAt = new Set(plate.sightings.map(({ time }) => time));
  const isOwn = (time: Seconds): boolean => time >= plate.start && time <= plate.end;
  const seen = own.filter(({ time }) => readAt.has(time) || time < vehicle.start || time > vehicle.end);
  const seenAt = new Set(seen.map(({ time }) => time));
  const between = carried
    .filter(({ time }) => !seenAt.has(time))
    .map(({ time, box }) => ({ time, box: isOwn(time) ? hull(box, boxOnPath(own, time)) : box }));
  const keyframes = [...seen, ...between];
  return {
    start: Math.min(plate.start, vehicle.start),
    end: Math.max(plate.end, vehicle.end),
    keyframes: keyframes.sort((a, b) => a.time - b.time),
  };
}
