import type { Size } from '../../../src/core/box.ts';
import { darken, hardNight, type Night } from './night.ts';
import { addNoise, chanceOf, type Chance } from './noise.ts';

/** Weather, light or a fault, painted over a picture in place. */
export type Paint = (pixels: Uint8Array, time: number, chance: Chance) => void;

/** A condition under which a camera watches; each seed gives another spell of it. */
export interface Condition {
  readonly name: string;
  start(size: Size, seed: number): Paint;
}

const mildNight: Night = { gain: 0.45, gamma: 1.4, noise: 4 };

/** What may happen before a camera while nobody is there. */
export const conditions: readonly Condition[] = [
  { name: 'calm day', start: ({ width }) => noisy(width, 1.5) },
  { name: 'sensor noise', start: ({ width }) => noisy(width, 12) },
  { name: 'night', start: ({ width }) => nightly(width, mildNight) },
  { name: 'hard night', start: ({ width }) => nightly(width, hardNight) },
  { name: 'headlights', start: headlights },
  { name: 'infrared switch', start: infraredSwitch },
  { name: 'flicker', start: flicker },
  { name: 'exposure pumping', start: pumping },
  { name: 'cloud shadows', start: clouds },
  { name: 'rain', start: rain },
  { name: 'snow and insects', start: flakes },
  { name: 'swaying trees', start: sway },
];

function noisy(width: number, deviation: number): Paint {
  return (pixels, _time, chance) => addNoise(pixels, width * 3, deviation, chance);
}

function nightly(width: number, night: Night): Paint {
  return (pixels, _time, chance) => darken(pixels, width * 3, night, Math.floor(chance() * 2 ** 31));
}

/** Every value through a table: one change of light for the whole picture. */
function relight(pixels: Uint8Array, of: (level: number) => number): void {
  const levels = Uint8Array.from({ length: 256 }, (_, level) =>
    Math.min(255, Math.max(0, Math.round(of(level)))),
  );
  for (let at = 0; at < pixels.length; at++) pixels[at] = levels[pixels[at]!]!;
}

/** At night a car passes every ten seconds or so: two beams on the ground, as bright as the ground reflects, and glare. */
function headlights(size: Size, seed: number): Paint {
  const own = chanceOf(seed);
  const [period, speed, height] = [8 + 6 * own(), 0.25 + 0.4 * own(), 0.4 + 0.3 * own()];
  return (pixels, time, chance) => {
    const turn = Math.floor(time / period);
    const side = turn % 2 === 0 ? 1 : -1;
    const way = (time % period) * speed * 1.4 - 0.3;
    const [cx, cy] = [size.width * (side > 0 ? way : 1 - way), size.height * height];
    const [wide, high] = [0.22 * size.width, 0.12 * size.height];
    for (let y = 0, at = 0; y < size.height; y++) {
      const dy = (y - cy) / high;
      for (let x = 0; x < size.width; x++, at += 3) {
        const dx = (x - cx) / wide;
        const square = dx * dx + dy * dy;
        const beam = square < 9 ? Math.exp(-square) : 0;
        const glare = square < 0.3 ? 140 * Math.exp(-40 * square) : 0;
        for (let channel = at; channel < at + 3; channel++)
          pixels[channel] = Math.min(255, pixels[channel]! * (0.2 + 1.1 * beam) + glare);
      }
    }
    addNoise(pixels, size.width * 3, 3, chance);
  };
}

/** Every half minute or so from colour to infrared grey and back: white for a moment, then another exposure. */
function infraredSwitch({ width }: Size, seed: number): Paint {
  const period = 20 + 20 * chanceOf(seed)();
  return (pixels, time, chance) => {
    const since = time % period;
    if (Math.floor(time / period) % 2 === 1) {
      for (let at = 0; at < pixels.length; at += 3) {
        const grey = 0.45 * pixels[at]! + 0.4 * pixels[at + 1]! + 0.15 * pixels[at + 2]!;
        pixels[at] = pixels[at + 1] = pixels[at + 2] = grey;
      }
      relight(pixels, (level) => 20 + 0.7 * level + 150 * Math.exp(-3 * since));
    } else relight(pixels, (level) => level * (1 - 0.8 * Math.exp(-2 * since)));
    addNoise(pixels, width * 3, 3, chance);
  };
}

/** Lamps at 50 or 60 Hz against the shutter: a slow beat of the whole picture, and bands that wander over it. */
function flicker({ width }: Size, seed: number): Paint {
  const own = chanceOf(seed);
  const [beat, bands, depth] = [0.2 + 2.5 * own(), 1 + 3 * own(), 0.06 + 0.12 * own()];
  return (pixels, time, chance) => {
    const rowBytes = width * 3;
    for (let row = 0; row * rowBytes < pixels.length; row++) {
      const share = (row * rowBytes) / pixels.length;
      const light = 1 + depth * Math.sin(2 * Math.PI * (beat * time + bands * share));
      for (let at = row * rowBytes; at < (row + 1) * rowBytes; at++)
        pixels[at] = Math.min(255, pixels[at]! * light);
    }
    addNoise(pixels, rowBytes, 3, chance);
  };
}

/** Exposure that hunts: slow swings and sudden steps. */
function pumping({ width }: Size, seed: number): Paint {
  const own = chanceOf(seed);
  const [period, phase] = [4 + 8 * own(), own()];
  return (pixels, time, chance) => {
    const step = chanceOf(seed + Math.floor(time / period))() < 0.4 ? 0.7 : 1;
    const light = step * (1 + 0.3 * Math.sin(2 * Math.PI * (time / period + phase)));
    relight(pixels, (level) => level * light);
    addNoise(pixels, width * 3, 3, chance);
  };
}

function clouds(size: Size, seed: number): Paint {
  const own = chanceOf(seed);
  const shadows = Array.from({ length: 3 }, () => ({
    x: own(),
    y: own(),
    wide: 0.15 + 0.3 * own(),
    speed: 0.03 + 0.1 * own(),
  }));
  return (pixels, time, chance) => {
    for (let y = 0, at = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++, at += 3) {
        let light = 1;
        for (const { x: start, y: middle, wide, speed } of shadows) {
          const dx = (x / size.width - (((start + speed * time) % 1.6) - 0.3)) / wide;
          const dy = (y / size.height - middle) / wide;
          const square = dx * dx + dy * dy;
          if (square < 1) light *= 1 - 0.45 * (1 - square);
        }
        if (light < 1)
          for (let channel = at; channel < at + 3; channel++) pixels[channel] = pixels[channel]! * light;
      }
    }
    addNoise(pixels, size.width * 3, 2, chance);
  };
}

/** Draws a streak or a spot of light: brightest in the middle. */
function spot(
  pixels: Uint8Array,
  size: Size,
  { x, y, wide, high, light }: Readonly<Record<'x' | 'y' | 'wide' | 'high' | 'light', number>>,
  slant: number,
): void {
  const lastRow = Math.min(size.height, Math.ceil(y + high));
  for (let row = Math.max(0, Math.floor(y - high)); row < lastRow; row++) {
    const dy = (row - y) / high;
    const middle = x + slant * (row - y);
    const last = Math.min(size.width, Math.ceil(middle + wide));
    for (let column = Math.max(0, Math.floor(middle - wide)); column < last; column++) {
      const dx = (column - middle) / wide;
      const fall = 1 - dx * dx - dy * dy;
      if (fall <= 0) continue;
      const at = 3 * (row * size.width + column);
      for (let channel = at; channel < at + 3; channel++)
        pixels[channel] = Math.min(255, pixels[channel]! + light * fall);
    }
  }
}

function rain(size: Size, seed: number): Paint {
  const own = chanceOf(seed);
  const [drops, slant] = [80 + 300 * own(), 0.5 * (own() - 0.5)];
  return (pixels, _time, chance) => {
    relight(pixels, (level) => 25 + 0.8 * level);
    for (let drop = 0; drop < drops; drop++) {
      const place = { x: chance() * size.width, y: chance() * size.height, wide: 0.7 + chance() };
      spot(pixels, size, { ...place, high: 6 + 16 * chance(), light: 20 + 60 * chance() }, slant);
    }
    addNoise(pixels, size.width * 3, 3, chance);
  };
}

/** Flakes in the air, and moths close to the lens that cross the picture in a second or two. */
function flakes(size: Size, seed: number): Paint {
  const own = chanceOf(seed);
  const moths = Array.from({ length: 3 }, () => ({
    x: own(),
    y: own(),
    vx: own() - 0.5,
    vy: own() - 0.5,
    wide: 6 + 22 * own(),
    beat: 3 + 9 * own(),
  }));
  return (pixels, time, chance) => {
    for (let flake = 0; flake < 60; flake++) {
      const side = 1 + 3 * chance();
      const place = { x: chance() * size.width, y: chance() * size.height };
      spot(pixels, size, { ...place, wide: side, high: side, light: 40 + 80 * chance() }, 0);
    }
    for (const { x, y, vx, vy, wide, beat } of moths) {
      const at = (start: number, speed: number): number =>
        ((((start + speed * time) % 1.4) + 1.4) % 1.4) - 0.2;
      const open = 0.4 + 0.6 * Math.abs(Math.sin(beat * time));
      const place = { x: at(x, vx) * size.width, y: at(y, vy) * size.height, wide: wide * open };
      spot(pixels, size, { ...place, high: wide * 1.4, light: 120 }, 0.4 * Math.sin(beat * time));
    }
    addNoise(pixels, size.width * 3, 3, chance);
  };
}

/** The upper half, where trees stand, moves in the wind; gusts come and go. */
function sway(size: Size, seed: number): Paint {
  const own = chanceOf(seed);
  const [strength, rate] = [2 + 5 * own(), 0.4 + 0.8 * own()];
  return (pixels, time, chance) => {
    const rowBytes = size.width * 3;
    const row = new Uint8Array(rowBytes);
    const gust = 0.3 + 0.7 * Math.sin(0.2 * time + seed) ** 2;
    for (let y = 0; y < size.height * 0.5; y++) {
      const start = y * rowBytes;
      row.set(pixels.subarray(start, start + rowBytes));
      const reach = strength * gust * (1 - y / (0.5 * size.height));
      for (let x = 0; x < size.width; x++) {
        const moved = x + reach * Math.sin(2 * Math.PI * rate * time + x / 23 + y / 11);
        const from = 3 * Math.min(size.width - 1, Math.max(0, Math.round(moved)));
        for (let channel = 0; channel < 3; channel++) pixels[start + 3 * x + channel] = row[from + channel]!;
      }
    }
    addNoise(pixels, rowBytes, 3, chance);
  };
}
