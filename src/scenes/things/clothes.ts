import type { Random } from '../../core/random.ts';
import { drawSvg, type Picture } from '../draw/picture.ts';

export interface ClothesPlan {
  readonly width: number;
  readonly height: number;
  /** Height of a face. */
  readonly unit: number;
  readonly collar: { readonly x: number; readonly y: number };
  readonly officer: boolean;
  /** Seen from behind: without opening, zip and number field. */
  readonly back?: boolean;
}

/** Drawn clothes in two layers, so that a head can be put between them. */
export interface Clothes {
  readonly body: Picture;
  readonly collar: Picture;
}

const JACKETS = ['#23304a', '#39424d', '#5a4636', '#46523f', '#6b2f38', '#2c4f5c'];
const TROUSERS = ['#1d2229', '#2c3440', '#3b3a38', '#2a3550'];
const HANDS = '#b98a6e';

/** Jacket, trousers and shoes; an officer's jacket is navy blue under a yellow vest with a white number field. */
export async function drawClothes(random: Random, plan: ClothesPlan): Promise<Clothes> {
  const jacket = plan.officer ? '#1b2740' : random.pick(JACKETS);
  const trousers = random.pick(TROUSERS);
  const { width, height, unit, collar } = plan;
  const frame = (content: string): string =>
    `<g transform="translate(${collar.x} ${collar.y}) scale(${unit})">${content}</g>`;
  const worn = plan.back === true ? (plan.officer ? VEST_BACK : '') : plan.officer ? VEST : FOLDS;
  const body = `<defs>${SHADES}</defs>${frame(`${legs(trousers)}${arms(jacket)}${torso(jacket)}${worn}`)}`;
  const front =
    plan.back === true
      ? frame(collarBehind(jacket))
      : frame(`<path d="M -.36 -.12 Q -.3 .1 0 .34 L -.2 .62 Q -.5 .2 -.46 -.02 Z" fill="${jacket}"/>
    <path d="M .36 -.12 Q .3 .1 0 .34 L .2 .62 Q .5 .2 .46 -.02 Z" fill="${jacket}"/>
    <path d="M -.36 -.12 Q -.3 .1 0 .34 Q .3 .1 .36 -.12" stroke="#000" stroke-opacity=".4" stroke-width=".03" fill="none"/>`);
  return { body: await drawSvg(width, height, body), collar: await drawSvg(width, height, front) };
}

/** A collar seen from behind, which closes the neckline. */
function collarBehind(jacket: string): string {
  const band = 'M -.42 -.14 Q 0 -.02 .42 -.14 L .6 .1 Q 0 .95 -.6 .1 Z';
  return `<path d="${band}" fill="${jacket}"/><path d="M -.6 .1 Q 0 .36 .6 .1" stroke="#000" stroke-opacity=".35" stroke-width=".03" fill="none"/>`;
}

const TORSO = `M -.34 -.08 C -.7 .08 -1.02 .12 -1.1 .42 L -.86 1.2 Q -.8 2 -.84 3.05
  Q 0 3.2 .84 3.05 Q .8 2 .86 1.2 L 1.1 .42 C 1.02 .12 .7 .08 .34 -.08 Q 0 .34 -.34 -.08 Z`;

const SHADES = `<linearGradient id="round" x1="0" x2="1">
    <stop offset="0" stop-color="#000" stop-opacity=".5"/><stop offset=".3" stop-color="#fff" stop-opacity=".1"/>
    <stop offset=".6" stop-color="#000" stop-opacity=".02"/><stop offset="1" stop-color="#000" stop-opacity=".55"/></linearGradient>
  <linearGradient id="fall" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="#fff" stop-opacity=".1"/><stop offset="1" stop-color="#000" stop-opacity=".3"/></linearGradient>`;

function torso(jacket: string): string {
  return `<path d="${TORSO}" fill="${jacket}"/><path d="M -.2 0 L 0 .5 L .2 0 Z" fill="#d9dde0"/>
    <path d="${TORSO}" fill="url(#round)"/><path d="${TORSO}" fill="url(#fall)"/>`;
}

function arms(jacket: string): string {
  const arm = (side: 1 | -1): string => {
    const path = `M ${side * 0.92} .48 Q ${side * 1.16} 1.2 ${side * 1.14} 1.75 Q ${side * 1.14} 2.3 ${side * 1.04} 2.95`;
    return `<circle cx="${side * 1.03}" cy="3.12" r=".19" fill="${HANDS}"/>
      <path d="${path}" stroke="${jacket}" stroke-width=".46" fill="none" stroke-linecap="round"/>
      <path d="${path}" stroke="#000" stroke-opacity=".28" stroke-width=".46" fill="none" stroke-linecap="round"/>
      <path d="${path}" stroke="#fff" stroke-opacity=".06" stroke-width=".2" fill="none" stroke-linecap="round"/>`;
  };
  return arm(-1) + arm(1);
}

function legs(trousers: string): string {
  const leg = (side: 1 | -1): string => {
    const path = `M ${side * 0.42} 2.9 L ${side * 0.44} 4.4 L ${side * 0.42} 5.85`;
    return `<ellipse cx="${side * 0.5}" cy="6.05" rx=".3" ry=".17" fill="#141517"/>
      <path d="${path}" stroke="${trousers}" stroke-width=".74" fill="none" stroke-linejoin="round"/>
      <path d="M ${side * 0.12} 3.1 L ${side * 0.2} 5.8" stroke="#000" stroke-opacity=".45" stroke-width=".12"/>
      <path d="M ${side * 0.5} 3.2 L ${side * 0.5} 5.7" stroke="#fff" stroke-opacity=".07" stroke-width=".16"/>`;
  };
  return leg(-1) + leg(1);
}

const FOLDS = `<path d="M 0 .5 V 3.05" stroke="#000" stroke-opacity=".5" stroke-width=".03"/>
  <path d="M -.5 1.1 Q -.3 1.7 -.55 2.5 M .5 1.2 Q .34 1.8 .6 2.6" stroke="#000" stroke-opacity=".25" stroke-width=".05" fill="none"/>
  <path d="M -.66 2.2 H -.28 M .28 2.2 H .66" stroke="#000" stroke-opacity=".45" stroke-width=".04"/>`;

const VEST = `<path d="M -.46 -.02 L -.9 .2 Q -.7 .8 -.84 1.25 L -.82 2.7 Q 0 2.84 .82 2.7 L .84 1.25 Q .7 .8 .9 .2 L .46 -.02 L 0 .95 Z" fill="#d6dc2c"/>
  <path d="M -.83 1.5 Q 0 1.64 .83 1.5 V 1.78 Q 0 1.92 -.83 1.78 Z M -.82 2.15 Q 0 2.29 .82 2.15 V 2.42 Q 0 2.56 -.82 2.42 Z" fill="#c9cfd2"/>
  <path d="M 0 .95 V 2.8" stroke="#666" stroke-width=".03"/>
  <rect x="0" y=".9" width=".8" height=".33" rx=".03" fill="#f6f6f2" stroke="#666" stroke-width=".012"/>
  <path d="M -.9 .2 Q -.7 .8 -.84 1.25 L -.82 2.7 Q 0 2.84 .82 2.7 L .84 1.25 Q .7 .8 .9 .2" fill="url(#round)" fill-opacity=".7"/>`;

const VEST_BACK = `<path d="M -.46 -.02 L -.9 .2 Q -.7 .8 -.84 1.25 L -.82 2.7 Q 0 2.84 .82 2.7 L .84 1.25 Q .7 .8 .9 .2 L .46 -.02 Q 0 .3 -.46 -.02 Z" fill="#d6dc2c"/>
  <path d="M -.83 1.5 Q 0 1.64 .83 1.5 V 1.78 Q 0 1.92 -.83 1.78 Z M -.82 2.15 Q 0 2.29 .82 2.15 V 2.42 Q 0 2.56 -.82 2.42 Z" fill="#c9cfd2"/>
  <path d="M -.9 .2 Q -.7 .8 -.84 1.25 L -.82 2.7 Q 0 2.84 .82 2.7 L .84 1.25 Q .7 .8 .9 .2" fill="url(#round)" fill-opacity=".7"/>`;
