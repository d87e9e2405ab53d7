import type { Size } from '../core/box.ts';
import type { Random } from '../core/random.ts';
import type { Seconds } from '../core/time.ts';
import { handheld, notice, passer, traffic } from './crowd.ts';
import { HORIZON, type Setting } from './draw/background.ts';
import { drawContainer } from './things/container.ts';
import { drawPassport } from './things/document.ts';
import { drawLabel } from './things/label.ts';
import type { PhotoSet } from './photo-set.ts';
import { curved, eased, linear, type Motion, type Placement, resting, walking } from './draw/motion.ts';
import { drawCounter, drawPost } from './things/occluder.ts';
import { drawPerson } from './things/person.ts';
import { drawPhoto, handheldPanning, panning } from './things/photo.ts';
import { drawScreen } from './things/screen.ts';
import type { Sprite } from './draw/sprite.ts';
import { drawVehicle } from './things/vehicle.ts';

/** What can be put into a scene. */
export type ElementKind =
  | 'photo'
  | 'container'
  | 'vehicle'
  | 'person'
  | 'screen'
  | 'passport'
  | 'label'
  | 'post'
  | 'counter'
  // Of every size, speed and pose: see crowd.ts.
  | 'snapshot'
  | 'passer'
  | 'stranger'
  | 'traffic'
  | 'notice'
  | 'handheld';

/** How many of each kind one shot holds. */
export type Cast = Readonly<Partial<Record<ElementKind, number>>>;

/** What a setting holds unless the caller says otherwise. */
export const usualCast: Readonly<Record<Setting, Cast>> = {
  lane: { vehicle: 2, person: 3, post: 1 },
  office: { person: 2, counter: 1, screen: 1, passport: 1, label: 1 },
  yard: { container: 1, vehicle: 1, person: 3, post: 1 },
  hall: { person: 3 },
  street: { vehicle: 2, person: 3 },
  portraits: { photo: 1 },
};

/** One thing in a shot. */
export interface SceneElement {
  readonly sprite: Sprite;
  readonly motion: Motion;
  /** Larger is nearer to the camera and drawn later. */
  readonly nearness: number;
}

/** Where in the cast an element stands: the same place gives the same element whatever else is in the shot. */
export interface Part {
  readonly kind: ElementKind;
  readonly index: number;
  /** How many of its kind there are in the shot. */
  readonly count: number;
  readonly setting: Setting;
  readonly size: Size;
  readonly photos: PhotoSet;
  /** Length of the shot. */
  readonly seconds: Seconds;
}

/** Draws one element and gives it a path. */
export async function castElement(part: Part, random: Random): Promise<SceneElement> {
  const { index, size } = part;
  switch (part.kind) {
    case 'photo': {
      const sprite = await drawPhoto(part.photos, index + random.integer(6));
      return { sprite, motion: panning(sprite, size, random), nearness: -1 };
    }
    case 'snapshot': {
      const sprite = await drawPhoto(part.photos, index + random.integer(part.photos.photos.length));
      return { sprite, motion: handheldPanning(sprite, size, random), nearness: -1 };
    }
    case 'passer':
    case 'stranger':
      return passer(part, random);
    case 'traffic':
      return traffic(part, random);
    case 'notice':
      return notice(part, random);
    case 'handheld':
      return handheld(part, random);
    case 'container':
      return { sprite: await drawContainer(random), ...containerPath(part, random) };
    case 'vehicle': {
      const sprite = await drawVehicle(random);
      return { sprite, ...vehiclePath(sprite, part, random) };
    }
    case 'person':
      return personElement(part, random);
    case 'screen':
      return {
        sprite: await drawScreen(random),
        motion: resting(at(size, 0.22, 0.43, 0.54)),
        nearness: 1000,
      };
    case 'passport':
      return { sprite: await drawPassport(random), motion: passportPath(size, random), nearness: 1200 };
    case 'label':
      return { sprite: await drawLabel(random), motion: labelPath(size, random), nearness: 1100 };
    case 'counter': {
      const motion = resting({ x: size.width / 2, y: size.height * 0.82, scale: 1 });
      return { sprite: await drawCounter(size), motion, nearness: 900 };
    }
    case 'post': {
      const x = random.between(0.3, 0.7);
      return { sprite: await drawPost(random), motion: resting(at(size, x, 0.5, 1)), nearness: 2000 };
    }
  }
}

/** A placement as shares of the frame; the scale is for a frame 720 pixels high. */
function at(size: Size, x: number, y: number, scale: number): Placement {
  return { x: x * size.width, y: y * size.height, scale: (scale * size.height) / 720 };
}

/** People are about 1.7 m tall and stand with their eyes near the horizon, at whatever distance. */
async function personElement(part: Part, random: Random): Promise<SceneElement> {
  const { size, index, setting } = part;
  const sprite = await drawPerson(random, part.photos, random.integer(1000) * 2 + index);
  const faceHeight =
    index === 0 ? random.between(80, 125) : index === 1 ? random.between(38, 62) : random.between(26, 90);
  const scale = faceHeight / 160;
  const top = HORIZON * 720 - 1.1 * faceHeight + (setting === 'office' ? 30 : 0);
  const place = (x: number, factor: number): Placement =>
    at(size, x, (top + (sprite.height * scale * factor) / 2) / 720, scale * factor);
  const toRight = random.integer(2) === 0;
  const outside = 0.5 + (0.6 * sprite.width * scale) / 1280;
  const side = toRight ? -outside : outside;
  const path = random.pick(['cross', 'enter', 'approach'] as const);
  const inner = 0.5 + random.between(-0.3, 0.3);
  const motion = {
    cross: () => linear(place(0.5 + side, 1), place(0.5 - side, 1)),
    enter: () => eased(linear(place(0.5 + side, 1), place(inner, 1.1))),
    approach: () => curved(place(inner - 0.2, 0.8), place(inner + 0.15, 0.9), place(inner, 1.25)),
  }[path]();
  return { sprite, motion: walking(motion, 8, 6), nearness: faceHeight };
}

/** Vehicles drive along the road: what changes is the pixels that a metre takes, and with it place and size. */
function vehiclePath(sprite: Sprite, part: Part, random: Random): Pick<SceneElement, 'motion' | 'nearness'> {
  const { size, index } = part;
  const lateral = index % 2 === 0 ? random.between(0.6, 1.6) : random.between(-2.2, -1.2);
  const near = random.between(210, 290);
  const far = random.between(105, 150);
  const place = (pixelsPerMetre: number, shift: number): Placement => {
    const scale = (pixelsPerMetre * 1.8) / sprite.width;
    const top = HORIZON * 720 + 0.12 * pixelsPerMetre;
    return at(
      size,
      0.5 + (lateral * pixelsPerMetre) / 1280 + shift,
      (top + (sprite.height * scale) / 2) / 720,
      scale,
    );
  };
  const away = random.integer(3) > 0;
  const motion = away
    ? linear(place(near, 0), place(far, 0))
    : eased(linear(place(near * 0.8, lateral > 0 ? 0.7 : -0.7), place(near * 0.8, 0)));
  return { motion, nearness: 40 + index };
}

/** A container on its way past the camera, in front of the stacks. */
function containerPath(part: Part, random: Random): Pick<SceneElement, 'motion' | 'nearness'> {
  const { size, index } = part;
  const scale = random.between(0.62, 0.82);
  const y = HORIZON + 0.02 + 0.07 * index;
  const from = at(size, random.between(0.15, 0.3), y, scale);
  const to = at(size, random.between(0.6, 0.75), y, scale);
  return { motion: random.integer(2) === 0 ? linear(from, to) : linear(to, from), nearness: 10 + index };
}

/** A passport is laid on the counter and pushed forward. */
function passportPath(size: Size, random: Random): Motion {
  const to = at(size, random.between(0.64, 0.7), 0.67, random.between(0.6, 0.66));
  return eased(curved(at(size, 1.2, 0.8, 0.63), at(size, 0.8, 0.65, 0.63), to));
}

function labelPath(size: Size, random: Random): Motion {
  const x = random.between(0.16, 0.24);
  return linear(at(size, x, 0.83, 0.58), at(size, x + 0.03, 0.82, 0.62));
}
