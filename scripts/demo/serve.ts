import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildConsole } from '../build-console.ts';
import { fillWorkspace } from './workspace.ts';

const bin = fileURLToPath(new URL('../../bin/tidewaiter.js', import.meta.url));

/**
 * `npm run demo -- --serve`: a running platform that is already filled, until Ctrl-C.
 * @param given folder of its data, kept afterwards; without it a temporary one, removed afterwards.
 */
export async function serveDemo(given: string | undefined): Promise<void> {
  await buildConsole();
  const data = given ?? (await mkdtemp(join(tmpdir(), 'tidewaiter-demo-')));
  // The database's own user must get through to its folder.
  if (given === undefined && process.getuid?.() === 0) await chmod(data, 0o711);
  const server = spawn(process.execPath, [bin, 'serve', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: Ctrl-C ends it through us, once.
    detached: true,
    env: { TIDEWAITER_PORT: '0', TIDEWAITER_LOG_LEVEL: 'error', ...process.env, TIDEWAITER_DATA: data },
  });
  const gone = once(server, 'exit');
  const stopping = new AbortController();
  const stopped = once(stopping.signal, 'abort');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  try {
    await Promise.race([
      stopped,
      gone,
      ready(server.stdout)
        .then(({ url, firstRunCode }) => show(url, firstRunCode, data, stopping.signal))
        .then(() => stopped),
    ]);
  } finally {
    server.kill('SIGTERM');
    await gone;
    if (given === undefined) await rm(data, { recursive: true, force: true });
  }
}

async function show(url: string, code: string | undefined, data: string, signal: AbortSignal): Promise<void> {
  say(`\nTidewaiter is at ${url}`);
  if (code === undefined) {
    say(`The workspace in ${data} is there already: sign in as you did.  Ctrl-C ends it.`);
    return;
  }
  const { admin, finish } = await fillWorkspace({ url, code, folder: join(data, 'demo-material') }, say);
  say(`
Open      ${url}
Login     ${admin.login}
Password  ${admin.password}
Code      ${admin.code()}   (changes every 30 seconds; Enter shows the one of the moment)

Everything in it is simulated.  Ctrl-C ends it${process.stdin.isTTY ? '' : ' (or SIGTERM)'}.`);
  createInterface({ input: process.stdin, signal }).on('line', () => say(`Code      ${admin.code()}`));
  say('\nThe models are still looking at a clip and pictures; findings appear as they are done ...');
  await finish();
  say('All is there now.');
}

async function ready(out: NodeJS.ReadableStream): Promise<{ url: string; firstRunCode?: string }> {
  for await (const line of createInterface({ input: out }))
    if (line.includes('"event":"ready"')) return JSON.parse(line) as { url: string; firstRunCode?: string };
  throw new Error('The server ended before it was ready');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
