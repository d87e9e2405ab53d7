import type { Calendar } from '../../src/uses/watch/calendar/calendar.ts';
import { parseSite } from '../../src/uses/watch/site/read.ts';
import type { CameraFile } from '../../src/uses/watch/site/schema.ts';

/** Hand-drawn zones in the picture of PETS09-S2L1. Those named `tune` were looked at while rules were chosen. */
const zones: Readonly<Record<string, string>> = {
  'tune-left': '[[0, 0.35], [0.22, 0.35], [0.22, 0.65], [0, 0.65]]',
  'tune-centre': '[[0.4, 0.44], [0.6, 0.44], [0.6, 0.6], [0.4, 0.6]]',
  'far-left': '[[0.25, 0.33], [0.45, 0.33], [0.45, 0.5], [0.25, 0.5]]',
  'far-right': '[[0.5, 0.32], [0.7, 0.32], [0.7, 0.47], [0.5, 0.47]]',
  road: '[[0.66, 0.44], [0.84, 0.44], [0.88, 0.62], [0.66, 0.62]]',
  edge: '[[0.82, 0.48], [0.96, 0.48], [0.96, 0.8], [0.82, 0.8]]',
  lawn: '[[0.28, 0.52], [0.58, 0.52], [0.66, 0.72], [0.24, 0.72]]',
  verge: '[[0.08, 0.38], [0.3, 0.42], [0.3, 0.58], [0.08, 0.54]]',
  near: '[[0.55, 0.58], [0.8, 0.58], [0.8, 0.9], [0.55, 0.9]]',
};

const names = Object.keys(zones);
export const tuningZones = names.filter((name) => name.startsWith('tune-'));
export const reportZones = names.filter((name) => !name.startsWith('tune-'));

/** The camera with an entry rule for each zone, named as the zone. */
export function watchSite(): { readonly camera: CameraFile; readonly calendar: Calendar } {
  const text = [
    'site: PETS09-S2L1',
    'timeZone: Europe/London',
    'cameras:',
    '  - id: view',
    '    zones:',
    ...names.map((name) => `      - { id: ${name}, polygon: ${zones[name]} }`),
    '    rules:',
    ...names.map((name) => `      - { id: ${name}, kind: zone-entry, zone: ${name} }`),
  ].join('\n');
  const { cameras, calendar } = parseSite(text, 'zones');
  return { camera: cameras[0]!, calendar };
}
