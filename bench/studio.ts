import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { Random } from '../src/core/random.ts';
import { makeVideoProxy } from '../src/media/proxy/video.ts';
import type { VideoIndex } from '../src/media/proxy/frame-index.ts';
import { byteRange } from '../src/platform/routes/byte-range.ts';
import { readConsole } from '../src/server/console/files.ts';
import type { Region } from '../src/uses/redaction/plan.ts';
import type { ReviewBase } from '../src/uses/redaction/review/base.ts';
import { buildConsole } from '../scripts/build-console.ts';
import { numberedClip } from '../test/platform/proxies/numbered.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { printTable, verdict } from './lib/table.ts';

const built = fileURLToPath(new URL('../dist/web', import.meta.url));
const TRACKS = 200;
const BOXES = 50_000;
const FPS = 25;
/** Numbers on the frames begin again after so many. */
const NUMBERS = 4096;

/**
 * The studio before a made-up review of a long clip: how long it takes to open, to answer, and to step, and whether every
 * frame is the one asked for. The pages and the proxy are the real ones; the answers of the API are made up.
 */
export const bench: Bench = { title: 'Studio: long clip, many tracks', run: measure };

async function measure({ short, minutes, folder, print }: BenchContext): Promise<void> {
  await buildConsole();
  const frames = short ? 20 * FPS : minutes * 60 * FPS;
  const steps = short ? 40 : 500;
  mkdirSync(folder, { recursive: true });
  const [clip, proxy] = [`${folder}/clip.mp4`, `${folder}/proxy.mp4`];
  numberedClip({ width: 64, height: 48, frames }, [
    ...['-vf', 'scale=1280:720:flags=neighbor', '-pix_fmt', 'yuv420p', '-c:v', 'libx264'],
    ...['-preset', 'ultrafast', clip],
  ]);
  const { video: index } = await makeVideoProxy({ input: clip, output: proxy });
  const server = await serve(index, readFileSync(proxy), baseOf(frames / FPS));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    const { port } = server.address() as AddressInfo;
    const opened = await timed(async () => {
      await page.goto(`http://127.0.0.1:${port}/redaction/reviews/${id}`);
      await page.locator('canvas[data-shows=redacted][data-frame="0"]').waitFor();
    });
    await page.evaluate(helpers);
    await page.keyboard.press('v'); // The source: its numbers are not covered.
    const input = await pressed(
      page,
      ['j', 'x', 'j', 'x', 'n', '1', 'u', 'k', 'x', 'U', '+', '-'],
      steps / 5,
    );
    await page.keyboard.press('Home');
    await page.locator('canvas[data-shows=source][data-frame="0"]').waitFor();
    const forward = await stepped(page, '.', steps);
    const back = await stepped(page, ',', steps);
    const wrong = forward.wrong + back.wrong;
    printTable(
      print,
      ['measure', 'median', '95th', 'must be', 'kept'],
      [
        ['first frame, ms', opened.toFixed(0), '-', '<= 3000', verdict(opened <= 3000)],
        ['input, ms', at(input, 0.5), at(input, 0.95), '<= 50', verdict(quantile(input, 0.95) <= 50)],
        row('step forward, ms', forward.ms, 60),
        row('step back, ms', back.ms, 150),
        ['wrong frames', wrong, '-', `0 of ${forward.ms.length + back.ms.length}`, verdict(wrong === 0)],
      ],
    );
    if (wrong > 0) throw new Error(`${wrong} steps showed another frame than the one asked for`);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

const id = '00000000-0000-4000-8000-000000000001';

/** As many tracks and boxes as a long clip of a crowd has. */
function baseOf(seconds: number): ReviewBase {
  const random = new Random('studio');
  const regions = Array.from({ length: TRACKS }, (_, track): Region => {
    const start = random.between(0, seconds * 0.8);
    const end = Math.min(seconds - 0.04, start + random.between(seconds / 20, seconds / 5));
    const count = BOXES / TRACKS;
    const [x, y] = [random.between(50, 1000), random.between(50, 550)];
    return {
      ...{ id: `face-${track + 1}`, class: 'face', redact: true, shape: 'box', style: 'solid' },
      ...{ origin: 'model', score: random.next(), detections: count, start, end },
      keyframes: Array.from({ length: count }, (_, key): Region['keyframes'][number] => [
        ...([start + ((end - start) * key) / (count - 1), x + (key % 40), y, 60, 80] as const),
      ]),
    };
  });
  return {
    ...{ format: 'tidewaiter-review', version: 1, notes: [] },
    plan: {
      ...{ format: 'tidewaiter-redaction-plan', version: 1, tool: { name: 'bench', version: '0' } },
      source: {
        ...{ file: 'clip.mp4', sha256: '0'.repeat(64), kind: 'video', width: 1280, height: 720 },
        duration: seconds,
      },
      ...{ profile: 'standard', models: [], regions, limits: {}, audio: { mode: 'keep' } },
      ...{ keepMetadata: [], output: { container: 'mp4' } },
    },
    clip: { first: 0, last: seconds - 1 / FPS, cuts: [] },
    rules: { styles: ['solid'], classes: ['face', 'box'], secondPerson: false },
  };
}

/** The console with answers that say that one review is there. */
async function serve(video: VideoIndex, file: Buffer, base: ReviewBase): Promise<Server> {
  const files = readConsole(built);
  const made = { mediaType: 'video/mp4', bytes: file.length, sha256: '0', madeAt: '2026-01-01T00:00:00Z' };
  const review = {
    ...{ id, site: 'pier', case: id, asset: id, profile: 'standard', reasons: null, state: 'open' },
    ...{ revision: 0, secondPerson: false, job: id, finding: null, submittedBy: null, createdBy: id },
    createdAt: made.madeAt,
  };
  let revision = 0;
  const answers: Readonly<Record<string, unknown>> = {
    '/session': {
      state: 'open',
      person: { id, login: 'bench', name: 'Bench' },
      grants: [{ site: '*', role: 'admin' }],
    },
    [`/redaction/reviews/${id}`]: review,
    [`/redaction/reviews/${id}/base`]: base,
    [`/redaction/reviews/${id}/edits`]: { revision: 0, edits: [] },
    [`/assets/${id}`]: { id, name: 'clip.mp4', site: 'pier', case: id, erasedAt: null, role: 'original' },
    [`/assets/${id}/proxy`]: { state: 'ready', job: null, progress: null, error: null, made: [] },
    [`/assets/${id}/proxy/index`]: { version: 1, video, sound: [] },
    '/colleagues': { items: [] },
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://bench');
    // Pages have the addresses of the API without what stands before them.
    const path = pathname.startsWith('/api/v1') ? pathname.slice('/api/v1'.length) : '';
    if (path === `/assets/${id}/proxy/video`) {
      const range = byteRange(request.headers.range, file.length) ?? { start: 0, end: file.length };
      response.writeHead(206, { 'content-type': 'video/mp4', 'accept-ranges': 'bytes' });
      response.end(file.subarray(range.start, range.end));
    } else if (path.endsWith('/events'))
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    else if (request.method === 'POST') {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const { edits } = JSON.parse(text) as { edits: { id: string; do: unknown }[] };
        const taken = edits.map((edit) => ({ ...edit, seq: ++revision, by: id, at: made.madeAt }));
        response.writeHead(201, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ revision, edits: taken }));
      });
    } else if (path in answers) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[path]));
    } else {
      const one = files?.get(pathname) ?? files?.get('/index.html');
      response.setHeader('content-type', one?.type ?? 'text/html').end(one?.bytes);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Presses a key in the page and waits until what it changes was painted. */
const helpers = `
globalThis.benchPress = async (key) => {
  const since = performance.now();
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - since;
};
globalThis.benchStep = async (key, wanted) => {
  const canvas = document.querySelector('canvas[data-shows=source]');
  const since = performance.now();
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  while (Number(canvas.dataset.frame) !== wanted && performance.now() - since < 10000)
    await new Promise((resolve) => setTimeout(resolve));
  const ms = performance.now() - since;
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  let number = 0;
  for (let bit = 0; bit < 12; bit++) {
    const x = Math.floor(((bit % 4) + 0.5) * width / 4);
    const y = Math.floor((Math.floor(bit / 4) + 0.5) * height / 3);
    if (data[4 * (y * width + x) + 1] > 125) number += 1 << bit;
  }
  return { ms, number };
};
0`;

async function pressed(page: Page, keys: readonly string[], count: number): Promise<number[]> {
  const times: number[] = [];
  for (let press = 0; press < count; press++)
    times.push(await page.evaluate<number>(`benchPress(${JSON.stringify(keys[press % keys.length])})`));
  return times;
}

async function stepped(
  page: Page,
  key: '.' | ',',
  count: number,
): Promise<{ readonly ms: number[]; readonly wrong: number }> {
  const ms: number[] = [];
  let wrong = 0;
  let frame = Number(await page.locator('canvas[data-shows=source]').getAttribute('data-frame'));
  for (let step = 0; step < count; step++) {
    frame += key === '.' ? 1 : -1;
    const seen = await page.evaluate<{ ms: number; number: number }>(`benchStep('${key}', ${frame})`);
    ms.push(seen.ms);
    if (seen.number !== frame % NUMBERS) wrong++;
  }
  return { ms, wrong };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function at(values: readonly number[], share: number): string {
  return quantile(values, share).toFixed(0);
}

function row(name: string, values: readonly number[], most: number): readonly (string | number)[] {
  return [name, at(values, 0.5), at(values, 0.95), `<= ${most}`, verdict(quantile(values, 0.95) <= most)];
}
