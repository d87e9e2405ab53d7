import type { Size } from '../../core/box.ts';
import type { Random } from '../../core/random.ts';
import { containerSide } from '../things/container.ts';
import { drawSvg } from './picture.ts';
import type { RgbFrame } from './render.ts';
import { roughen } from './texture.ts';

/** Where a shot plays. `portraits` is a photograph that fills the frame. */
export type Setting = 'lane' | 'yard' | 'office' | 'portraits';

/** Height of the horizon as a share of the frame: the camera is at eye level, so all heads are near this line. */
export const HORIZON = 0.36;

/** The empty scene, drawn in a space of 1280 x 720 and scaled to the frame. */
export async function drawBackground(setting: Setting, size: Size, random: Random): Promise<RgbFrame> {
  const draw = { lane, yard, office, portraits: () => '<rect width="1280" height="720" fill="#222"/>' }[
    setting
  ];
  const content = `<defs>${GRADIENTS}</defs><g transform="scale(${size.width / 1280} ${size.height / 720})">${draw(random)}</g>`;
  const { data } = await drawSvg(size.width, size.height, content);
  const frame = { ...size, data: new Uint8Array(size.width * size.height * 3) };
  for (let i = 0, j = 0; i < data.length; i += 4, j += 3) {
    for (let c = 0; c < 3; c++) frame.data[j + c] = data[i + c]!;
  }
  roughen(frame, random, setting === 'office' ? 4 : 8);
  return frame;
}

const GRADIENTS = `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="#8fb2d0"/><stop offset="1" stop-color="#dbe4e8"/></linearGradient>
  <linearGradient id="ground" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="#8d9092"/><stop offset="1" stop-color="#55585b"/></linearGradient>
  <linearGradient id="wall" x1="0" y1="0" x2="1" y2="1">
    <stop offset="0" stop-color="#d5d1c6"/><stop offset="1" stop-color="#aaa79d"/></linearGradient>`;

const LEVEL = 720 * HORIZON;
const GROUND = `<rect width="1280" height="${LEVEL + 2}" fill="url(#sky)"/>
  <rect y="${LEVEL}" width="1280" height="${720 - LEVEL}" fill="url(#ground)"/>`;

/** Inspection lanes under a canopy, seen along the road. */
function lane(random: Random): string {
  const hills = `<path d="M 0 ${LEVEL} L 0 220 Q 200 ${190 + random.integer(30)} 420 226 T 860 214 T 1280 228 L 1280 ${LEVEL} Z" fill="#7d9080"/>`;
  const mark = (bottom: number): string =>
    `<path d="M 640 ${LEVEL} L ${bottom - 16} 720 L ${bottom + 16} 720 Z" fill="#dfe0da" fill-opacity=".8"/>`;
  const island = (bottom: number): string =>
    `<path d="M ${640 + (bottom - 640) * 0.12} ${LEVEL + 30} L ${bottom - 70} 720 L ${bottom + 90} 720 Z" fill="#a9a89f"/>`;
  const canopy = `<rect y="52" width="1280" height="62" fill="#5b6a75"/><rect y="108" width="1280" height="10" fill="#333d45"/>
    <rect x="150" y="116" width="22" height="330" fill="#68757e"/><rect x="1108" y="116" width="22" height="330" fill="#68757e"/>`;
  return `${GROUND}${hills}${island(110)}${island(1190)}${mark(420)}${mark(860)}${canopy}`;
}

/** A container yard: stacks along the horizon, yellow lines on the ground. */
function yard(random: Random): string {
  const paints = ['#7d4238', '#3e5f7d', '#55715a', '#8d7443', '#6d7479', '#4c4a52'];
  let stacks = '';
  for (let column = 0; column < 9; column++) {
    const tiers = 2 + random.integer(3);
    for (let tier = 0; tier < tiers; tier++) {
      const side = containerSide(random.pick(paints), 148, 62);
      stacks += `<g transform="translate(${column * 150 - 40} ${LEVEL + 34 - (tier + 1) * 62})">${side}</g>`;
    }
  }
  const lines = `<path d="M 0 560 L 1280 500" stroke="#c8a93a" stroke-width="9"/><path d="M -40 720 L 420 ${LEVEL + 34}" stroke="#c8a93a" stroke-width="7"/>`;
  return `${GROUND}${stacks}${lines}`;
}

/** An office: wall, picture, window with blinds. */
function office(random: Random): string {
  let blinds = '';
  for (let y = 60; y < 330; y += 14)
    blinds += `<rect x="820" y="${y}" width="330" height="8" fill="#b9c3c8"/>`;
  const shade = random.between(0.04, 0.14);
  return `<rect width="1280" height="720" fill="url(#wall)"/><rect width="1280" height="720" fill="#203040" fill-opacity="${shade}"/>
    <rect x="806" y="46" width="358" height="300" fill="#8b8478"/><rect x="820" y="60" width="330" height="272" fill="#e8f0f4"/>${blinds}
    <rect x="60" y="70" width="300" height="190" fill="#78726a"/><rect x="72" y="82" width="276" height="166" fill="#9fb0a6"/>`;
}
