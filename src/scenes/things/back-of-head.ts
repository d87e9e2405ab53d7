import type { Random } from '../../core/random.ts';
import { drawSvg, type Picture } from '../draw/picture.ts';
import type { Mark } from '../truth.ts';

/** A head, what is known of it, and where its neck ends. Pixels of its picture. */
export interface Head {
  readonly picture: Picture;
  readonly mark: Mark;
  readonly neck: { readonly x: number; readonly y: number };
}

const HAIR = ['#191411', '#2e2016', '#4d3521', '#7a5a38', '#6d6a66', '#231f20'];
const SKIN = ['#c99a7c', '#a97a5e', '#8a5d43', '#d9b094'];
const STRANDS = 260;

/** The back of a drawn head: hair from the crown down to the neck, ears at its sides. @param unit height of a face. */
export async function drawBackOfHead(random: Random, unit: number): Promise<Head> {
  const [width, height] = [Math.round(1.2 * unit), Math.round(1.6 * unit)];
  const [hair, skin] = [random.pick(HAIR), random.pick(SKIN)];
  const x = (share: number): number => Math.round(share * width * 10) / 10;
  const y = (share: number): number => Math.round(share * height * 10) / 10;
  const nape = random.between(0.66, 0.8);
  const outline = `M ${x(0.5)} ${y(0.04)} C ${x(0.82)} ${y(0.03)} ${x(0.93)} ${y(0.24)} ${x(0.88)} ${y(0.45)}
    C ${x(0.86)} ${y(0.58)} ${x(0.78)} ${y(nape - 0.04)} ${x(0.68)} ${y(nape)}
    Q ${x(0.5)} ${y(nape + 0.05)} ${x(0.32)} ${y(nape)} C ${x(0.22)} ${y(nape - 0.04)} ${x(0.14)} ${y(0.58)} ${x(0.12)} ${y(0.45)}
    C ${x(0.07)} ${y(0.24)} ${x(0.18)} ${y(0.03)} ${x(0.5)} ${y(0.04)} Z`;
  const strands = Array.from({ length: STRANDS }, () => {
    const end = random.between(0.1, 0.9);
    const light = random.integer(3) === 0;
    return `<path d="M ${x(0.5 + random.between(-0.06, 0.06))} ${y(0.1)} Q ${x(end + (end - 0.5) * 0.35)} ${y(0.2)} ${x(0.5 + (end - 0.5) * 0.8)} ${y(random.between(0.5, nape + 0.05))}"
      stroke="${light ? '#fff' : '#000'}" stroke-opacity="${light ? 0.05 : 0.12}" stroke-width="${random.between(1, 3).toFixed(1)}" fill="none"/>`;
  }).join('');
  const ear = (side: 0.1 | 0.9): string =>
    `<ellipse cx="${x(side)}" cy="${y(0.46)}" rx="${x(0.045)}" ry="${y(0.075)}" fill="${skin}"/>
     <ellipse cx="${x(side)}" cy="${y(0.46)}" rx="${x(0.02)}" ry="${y(0.05)}" fill="#000" fill-opacity=".18"/>`;
  const content = `<defs><clipPath id="h"><path d="${outline}"/></clipPath>
    <radialGradient id="r" cx=".42" cy=".3" r=".75"><stop offset="0" stop-color="#fff" stop-opacity=".2"/>
      <stop offset=".5" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".6"/></radialGradient>
    <linearGradient id="n" x1="0" x2="1"><stop offset="0" stop-color="#000" stop-opacity=".45"/><stop offset=".5" stop-color="#000" stop-opacity="0"/>
      <stop offset="1" stop-color="#000" stop-opacity=".5"/></linearGradient></defs>
    <path d="M ${x(0.31)} ${y(0.5)} V ${y(1)} H ${x(0.69)} V ${y(0.5)} Z" fill="${skin}"/>
    <path d="M ${x(0.31)} ${y(0.5)} V ${y(1)} H ${x(0.69)} V ${y(0.5)} Z" fill="url(#n)"/>
    ${ear(0.1)}${ear(0.9)}<path d="${outline}" fill="${hair}"/><g clip-path="url(#h)">${strands}</g>
    <path d="${outline}" fill="url(#r)"/>`;
  const box = { x: x(0.05), y: y(0.035), width: x(0.9), height: y(nape - 0.01) };
  return {
    picture: await drawSvg(width, height, content),
    mark: { class: 'head', box, oval: true },
    neck: { x: width / 2, y: height },
  };
}
