import { fileURLToPath } from 'node:url';
import sharp, { type OverlayOptions } from 'sharp';
import type { PixelBox } from '../src/core/box.ts';
import { composeScene } from '../src/scenes/scene.ts';

/**
 * Makes web/app/start/sample.jpg, which a first run redacts: a desk, with a drawn portrait where the documents of scenes
 * have outlines only, in which there is no face to find. Nobody's photograph is in it.
 */

const TARGET = fileURLToPath(new URL('../web/app/start/sample.jpg', import.meta.url));
const FRAME = 90;

/** 260 x 340, the size of the picture in a passport. */
const portrait = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 260 340"><defs>
  <radialGradient id="skin" cx=".42" cy=".4" r=".7"><stop offset="0" stop-color="#e2b596"/><stop offset=".6" stop-color="#cf9c7b"/><stop offset="1" stop-color="#93614a"/></radialGradient>
  <linearGradient id="wall" x2="0" y2="1"><stop offset="0" stop-color="#ccd6da"/><stop offset="1" stop-color="#b4c0c6"/></linearGradient>
  <linearGradient id="neck" x2="0" y2="1"><stop offset="0" stop-color="#8d5c45"/><stop offset="1" stop-color="#c08d6d"/></linearGradient>
  <filter id="soft"><feGaussianBlur stdDeviation="5"/></filter><filter id="edge"><feGaussianBlur stdDeviation=".9"/></filter></defs>
  <rect width="260" height="340" fill="url(#wall)"/>
  <path d="M62 150 Q52 52 130 46 Q208 52 198 150 L196 190 H64 Z" fill="#3a2a22" filter="url(#edge)"/>
  <path d="M104 220 H156 V286 H104 Z" fill="url(#neck)"/>
  <path d="M8 340 Q20 276 104 262 Q130 290 156 262 Q240 276 252 340 Z" fill="#34495e"/>
  <path d="M104 262 Q130 292 156 262 L148 300 L130 322 L112 300 Z" fill="#e8ebee"/>
  <path d="M74 140 Q74 74 130 74 Q186 74 186 140 Q186 186 168 214 Q150 240 130 240 Q110 240 92 214 Q74 186 74 140 Z" fill="url(#skin)" filter="url(#edge)"/>
  <path d="M72 142 Q70 70 130 66 Q190 70 188 142 Q182 102 150 92 Q110 100 84 104 Q76 118 72 142 Z" fill="#3a2a22" filter="url(#edge)"/>
  <g filter="url(#soft)" fill="#7c4c38" opacity=".55"><ellipse cx="104" cy="146" rx="20" ry="11"/><ellipse cx="156" cy="146" rx="20" ry="11"/>
    <path d="M120 150 L114 190 H146 L140 150 Z" opacity=".45"/><ellipse cx="130" cy="222" rx="22" ry="6"/></g>
  <g filter="url(#edge)">
    <path d="M84 133 Q102 121 121 132 M139 132 Q158 121 176 133" stroke="#33241c" stroke-width="6" fill="none"/>
    <g id="eye"><path d="M87 150 Q103 138 119 151 Q103 160 87 150 Z" fill="#f1ece7"/><circle cx="103" cy="149.5" r="7" fill="#4a3322"/>
      <circle cx="103" cy="149.5" r="3.4" fill="#120b08"/><circle cx="105" cy="147" r="1.6" fill="#fff"/>
      <path d="M86 150 Q103 136 120 151" stroke="#2b1b14" stroke-width="3" fill="none"/></g>
    <use href="#eye" x="54"/>
    <path d="M126 150 Q122 172 116 184 Q116 192 124 192" stroke="#8e5a44" stroke-width="3" fill="none" opacity=".7"/>
    <ellipse cx="123" cy="193" rx="5" ry="2.6" fill="#5f3425"/><ellipse cx="138" cy="193" rx="5" ry="2.6" fill="#5f3425"/>
    <ellipse cx="130" cy="180" rx="7" ry="9" fill="#eec6a8" opacity=".6"/>
    <path d="M108 212 Q122 204 130 207 Q138 204 152 212 Q130 216 108 212 Z" fill="#9c5148"/>
    <path d="M108 212 Q130 228 152 212 Q130 216 108 212 Z" fill="#b4675c"/>
    <path d="M106 212 Q130 217 154 212" stroke="#6a2f28" stroke-width="1.8" fill="none"/></g></svg>`;

const scene = await composeScene({
  seed: 4,
  seconds: 4,
  settings: ['office'],
  cast: { counter: 1, screen: 1, passport: 1, label: 1 },
  noise: 0,
  light: [1, 1],
});
const { width, height } = scene;
const things = scene.truth(FRAME);

/** The portrait over a part of a thing, which is given in pixels of its drawing (see src/scenes/things). */
async function over(
  kind: 'document' | 'screen',
  drawnWidth: number,
  part: PixelBox,
): Promise<OverlayOptions> {
  const thing = things.find((one) => one.class === kind);
  if (thing === undefined) throw new Error(`There is no ${kind} in the scene`);
  const scale = thing.box.width / drawnWidth;
  const [left, top] = [thing.box.x + part.x * scale, thing.box.y + part.y * scale].map(Math.round);
  const input = await sharp(Buffer.from(portrait))
    .resize(Math.round(part.width * scale), Math.round(part.height * scale), { fit: 'cover' })
    .png()
    .toBuffer();
  return { input, left: left!, top: top! };
}

await sharp(scene.frame(FRAME), { raw: { width, height, channels: 3 } })
  .composite([
    await over('document', 1000, { x: 40, y: 60, width: 260, height: 340 }),
    await over('screen', 900, { x: 664, y: 122, width: 170, height: 210 }),
  ])
  .jpeg({ quality: 90, mozjpeg: true })
  .toFile(TARGET);
