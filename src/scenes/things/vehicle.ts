import type { Random } from '../../core/random.ts';
import { drawSvg, paste } from '../draw/picture.ts';
import { drawPlate } from './plate.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';

const WIDTH = 640;
const PAINTS = ['#8c1c24', '#1f3d6d', '#d8dadc', '#2b2e33', '#6f7a80', '#f0f0ee', '#3d5a45', '#b9a27a'];

interface Shape {
  readonly height: number;
  /** Share of the height where the glass begins and ends. */
  readonly glass: readonly [number, number];
  /** Half width of the roof as a share of the width. */
  readonly roof: number;
  /** Share of the height at which the plate's centre sits. */
  readonly plateAt: number;
}

const SHAPES: readonly Shape[] = [
  { height: 470, glass: [0.1, 0.36], roof: 0.3, plateAt: 0.6 },
  { height: 540, glass: [0.08, 0.36], roof: 0.37, plateAt: 0.58 },
  { height: 620, glass: [0.1, 0.36], roof: 0.42, plateAt: 0.72 },
];

/** The rear of a car, an off-roader or a van with its number plate. */
export async function drawVehicle(random: Random): Promise<Sprite> {
  const shape = random.pick(SHAPES);
  const picture = await drawSvg(WIDTH, shape.height, vehicleRear(shape, random.pick(PAINTS)));
  const plate = await drawPlate(random, random.integer(2) === 0 ? 150 : 176);
  const left = Math.round((WIDTH - plate.picture.width) / 2);
  const top = Math.round(shape.height * shape.plateAt - plate.picture.height / 2);
  paste(picture, plate.picture, left, top);
  const plateBox = { x: left, y: top, width: plate.picture.width, height: plate.picture.height };
  return toSprite(picture, [
    { class: 'vehicle', box: { x: 0, y: 0, width: WIDTH, height: shape.height } },
    { class: 'plate', box: plateBox, text: plate.text },
  ]);
}

function vehicleRear(shape: Shape, paint: string): string {
  const { height: h } = shape;
  const w = WIDTH;
  const middle = w / 2;
  const [glassTop, glassEnd] = [h * shape.glass[0], h * shape.glass[1]];
  const roof = w * shape.roof;
  const belt = glassEnd + h * 0.06;
  const sill = h * 0.88;
  const body = `M ${middle - roof} ${h * 0.03} Q ${middle} ${-h * 0.015} ${middle + roof} ${h * 0.03}
    L ${w * 0.93} ${belt} Q ${w * 0.985} ${h * 0.55} ${w * 0.97} ${sill}
    L ${w * 0.03} ${sill} Q ${w * 0.015} ${h * 0.55} ${w * 0.07} ${belt} Z`;
  const glass = `M ${middle - roof * 0.86} ${glassTop} L ${middle + roof * 0.86} ${glassTop}
    L ${w * 0.845} ${glassEnd} Q ${middle} ${glassEnd + h * 0.03} ${w * 0.155} ${glassEnd} Z`;
  return `<defs>
    <linearGradient id="paint" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#fff" stop-opacity=".35"/><stop offset=".3" stop-color="#fff" stop-opacity="0"/>
      <stop offset=".48" stop-color="#fff" stop-opacity=".22"/><stop offset=".56" stop-color="#000" stop-opacity=".05"/>
      <stop offset="1" stop-color="#000" stop-opacity=".55"/></linearGradient>
    <linearGradient id="side" x1="0" x2="1">
      <stop offset="0" stop-color="#000" stop-opacity=".5"/><stop offset=".16" stop-color="#000" stop-opacity="0"/>
      <stop offset=".84" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".5"/></linearGradient>
    <linearGradient id="glass" x1="0" y1="0" x2=".25" y2="1">
      <stop offset="0" stop-color="#7d8f9c"/><stop offset=".45" stop-color="#26323b"/><stop offset="1" stop-color="#0d1216"/></linearGradient>
    <radialGradient id="shadow"><stop offset=".55" stop-opacity=".75"/><stop offset="1" stop-opacity="0"/></radialGradient>
    <linearGradient id="lamp" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#ff5a4a"/><stop offset=".6" stop-color="#a30f12"/><stop offset="1" stop-color="#5c0508"/></linearGradient></defs>
    <ellipse cx="${middle}" cy="${h * 0.955}" rx="${w * 0.5}" ry="${h * 0.045}" fill="url(#shadow)"/>
    ${wheel(w * 0.1, h)}${wheel(w * 0.9 - w * 0.13, h)}
    <rect x="${w * 0.12}" y="${h * 0.82}" width="${w * 0.76}" height="${h * 0.1}" fill="#15171a"/>
    <path d="${body}" fill="${paint}"/><path d="${body}" fill="url(#paint)"/><path d="${body}" fill="url(#side)"/>
    <path d="${glass}" fill="url(#glass)" stroke="#0a0c0e" stroke-width="5"/>
    ${seat(w * 0.33, glassTop, glassEnd)}${seat(w * 0.57, glassTop, glassEnd)}
    <path d="M ${w * 0.12} ${h * 0.665} Q ${middle} ${h * 0.69} ${w * 0.88} ${h * 0.665}" stroke="#000" stroke-opacity=".45" stroke-width="3" fill="none"/>
    <rect x="${middle - w * 0.17}" y="${h * (shape.plateAt - 0.11)}" width="${w * 0.34}" height="${h * 0.22}" rx="12" fill="#000" fill-opacity=".28"/>
    ${lamp(w * 0.065, belt, h)}${lamp(w * 0.8, belt, h)}
    <path d="M ${w * 0.03} ${h * 0.77} Q ${middle} ${h * 0.8} ${w * 0.97} ${h * 0.77} L ${w * 0.965} ${sill} L ${w * 0.035} ${sill} Z" fill="#1b1d20" fill-opacity=".82"/>
    <rect x="${w * 0.08}" y="${h * 0.81}" width="${w * 0.08}" height="${h * 0.02}" fill="#c23a2e"/>
    <rect x="${w * 0.84}" y="${h * 0.81}" width="${w * 0.08}" height="${h * 0.02}" fill="#c23a2e"/>
    <ellipse cx="${w * 0.77}" cy="${sill + 4}" rx="${w * 0.03}" ry="${h * 0.014}" fill="#555" stroke="#999" stroke-width="3"/>`;
}

function wheel(x: number, h: number): string {
  return `<rect x="${x}" y="${h * 0.76}" width="${WIDTH * 0.13}" height="${h * 0.215}" rx="16" fill="#101113"/>
    <path d="M ${x + 18} ${h * 0.8} V ${h * 0.96} M ${x + 40} ${h * 0.8} V ${h * 0.96} M ${x + 62} ${h * 0.8} V ${h * 0.96}" stroke="#26282b" stroke-width="5"/>`;
}

function lamp(x: number, belt: number, h: number): string {
  const width = WIDTH * 0.135;
  return `<rect x="${x}" y="${belt + h * 0.03}" width="${width}" height="${h * 0.16}" rx="14" fill="url(#lamp)" stroke="#3a0406" stroke-width="3"/>
    <rect x="${x + width * 0.14}" y="${belt + h * 0.12}" width="${width * 0.72}" height="${h * 0.045}" rx="6" fill="#f3e9d6" fill-opacity=".85"/>`;
}

function seat(x: number, glassTop: number, glassEnd: number): string {
  const height = glassEnd - glassTop;
  return `<rect x="${x}" y="${glassTop + height * 0.42}" width="${WIDTH * 0.1}" height="${height * 0.58}" rx="12" fill="#05070a" fill-opacity=".75"/>`;
}
