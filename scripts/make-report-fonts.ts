/**
 * Cuts the fonts of reports: `node scripts/make-report-fonts.ts` writes assets/report-*.ttf from Debian's fonts-dejavu-core
 * with python3-fonttools. The result is committed, so that a PDF looks the same on machines without any font; run it again
 * only to add characters.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fontFolder = '/usr/share/fonts/truetype/dejavu';
/** Latin (with Vietnamese), Greek and Cyrillic, with the punctuation and signs of running text. */
const text = [
  '0020-007E,00A0-024F,0259,02C6-02DD,0370-03FF,0400-045F,0490-0491,1E00-1EFF',
  '2010-2027,2030-203A,20AC,2116,2122,2190-2193,2212,2260,2264-2265',
].join(',');
const ascii = '0020-007E';

for (const [source, target, characters] of [
  ['DejaVuSans.ttf', 'report-sans.ttf', text],
  ['DejaVuSans-Bold.ttf', 'report-sans-bold.ttf', text],
  ['DejaVuSansMono.ttf', 'report-mono.ttf', ascii],
] as const) {
  const path = fileURLToPath(new URL(`../assets/${target}`, import.meta.url));
  // Debian's own Python: another one on the path would not have the package.
  execFileSync('/usr/bin/python3', [
    '-m',
    'fontTools.subset',
    `${fontFolder}/${source}`,
    `--unicodes=${characters}`,
    '--no-hinting',
    '--layout-features=kern,ccmp,mark,locl',
    `--output-file=${path}`,
  ]);
  console.log(`${path}: ${statSync(path).size} bytes`);
}
