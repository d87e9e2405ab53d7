import type { Size } from '../../core/box.ts';
import type { Random } from '../../core/random.ts';
import { containerSide } from '../things/container.ts';
import { drawSvg } from './picture.ts';
import type { RgbFrame } from './render.ts';
import { roughen } from './texture.ts';

/** Where a shot plays. `portraits` is a photograph that fills the frame. */
export type Setting = 'lane' | 'yard' | 'office' | 'hall' | 'street' | 'portraits';

/** Height of the horizon as a share of the frame: the camera is at eye level, so all heads are near this line. */
export const HORIZON = 0.36;

/** The empty scene, drawn in a space of 1280 x 720 and scaled to the frame. */
export async function drawBackground(setting: Setting, size: Size, random: Random): Promise<RgbFrame> {
  const draw = {
    ...{ lane, yard, office, hall, street },
    portraits: () => '<rect width="1280" height="720" fill="#222"/>',
  }[setting];
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

/** A hall of arrivals: wall panels, lamps, tiles that run to the horizon. */
function hall(random: Random): string {
  const [wall, floor] = [
    random.pick(['#c9c3b4', '#9fb0b8', '#7c7468', '#d8d9d6']),
    random.pick(['#8b857a', '#6f777c', '#b9b3a4']),
  ];
  let content = `<rect width="1280" height="720" fill="${wall}"/><rect y="${LEVEL + 60}" width="1280" height="${660 - LEVEL}" fill="${floor}"/>`;
  for (let x = -1200; x <= 2480; x += 140)
    content += `<path d="M ${640 + (x - 640) * 0.3} ${LEVEL + 60} L ${x} 720" stroke="#000" stroke-opacity=".2" stroke-width="2"/>`;
  for (let row = 0; row < 7; row++) {
    const y = LEVEL + 60 + (720 - LEVEL - 60) * (row / 7) ** 2;
    content += `<path d="M 0 ${y} H 1280" stroke="#000" stroke-opacity=".18" stroke-width="2"/>`;
  }
  for (let x = random.integer(120); x < 1280; x += 150 + random.integer(60)) {
    const [width, height] = [60 + random.integer(70), 90 + random.integer(120)];
    content += `<rect x="${x}" y="${LEVEL + 50 - height}" width="${width}" height="${height}" fill="${random.pick(['#5a6670', '#8d5b41', '#e4e2da', '#31424c', '#a89f5a'])}" fill-opacity="${random.between(0.4, 0.95)}"/>`;
  }
  for (let x = 40; x < 1280; x += 190)
    content += `<rect x="${x}" y="24" width="110" height="12" fill="#fff" fill-opacity=".8"/>`;
  return content;
}

/** A street: fronts with windows, a kerb, a tree or two. */
function street(random: Random): string {
  let content = GROUND;
  for (let x = -20; x < 1280;) {
    const [width, height] = [110 + random.integer(140), 150 + random.integer(160)];
    const top = LEVEL + 30 - height;
    content += `<rect x="${x}" y="${top}" width="${width}" height="${height}" fill="${random.pick(['#8e6a55', '#b7a58c', '#6d7178', '#c8bfae', '#7a4a40', '#515c55'])}"/>`;
    for (let wx = x + 12; wx < x + width - 26; wx += 34) {
      for (let wy = top + 14; wy < LEVEL - 20; wy += 44)
        content += `<rect x="${wx}" y="${wy}" width="18" height="26" fill="${random.pick(['#26323c', '#3d4b57', '#e3d9a6', '#8fa6b5'])}"/>`;
    }
    x += width + random.integer(14);
  }
  for (let tree = 0; tree < 2; tree++) {
    const x = random.between(60, 1220);
    content += `<rect x="${x - 6}" y="${LEVEL - 60}" width="12" height="110" fill="#4b3a2c"/>`;
    for (let leaf = 0; leaf < 24; leaf++)
      content += `<circle cx="${x + random.between(-52, 52)}" cy="${LEVEL - 90 + random.between(-44, 44)}" r="${random.between(10, 24)}" fill="${random.pick(['#3f5a34', '#55713f', '#2f4629'])}"/>`;
  }
  return `${content}<path d="M 0 ${LEVEL + 60} H 1280" stroke="#b9b6ad" stroke-width="8"/>`;
}
