import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TidewaiterError } from '../../src/core/errors.ts';
import type { RtspServer } from '../../material/rtsp/server.ts';
import { buildConsole } from '../build-console.ts';
import { startYardCamera } from './harbor-watch.ts';
import { DemoPerson } from './person.ts';
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
  const begun = ready(server.stdout);
  const camera = begun.then(
    (server) => server && startYardCamera(join(data, 'demo-material'), say, stopping.signal),
  );
  try {
    await Promise.race([
      stopped,
      gone,
      Promise.all([begun, camera])
        .then(([ready, yard]) => ready && show({ ...ready, data, yard }, stopping.signal))
        .then(() => stopped),
    ]);
  } finally {
    stopping.abort();
    server.kill('SIGTERM');
    await gone;
    await camera.then(
      (yard) => yard?.stop(),
      () => undefined,
    );
    if (given === undefined) await rm(data, { recursive: true, force: true });
  }
  if ((await begun) === undefined) process.exitCode = server.exitCode ?? 1;
}

/** What runs, and where its data lies. */
interface Demo {
  readonly url: string;
  /** Of the first run; without it the workspace is filled already. */
  readonly firstRunCode?: string;
  readonly data: string;
  readonly yard: RtspServer | undefined;
}

async function show({ url, firstRunCode: code, data, yard }: Demo, signal: AbortSignal): Promise<void> {
  const folder = join(data, 'demo-material');
  const kept = join(folder, 'people.json');
  if (code === undefined) {
    introduce(url, await peopleIn(kept, url), signal);
    return;
  }
  say(`\nTidewaiter is at ${url}`);
  const { people, finish } = await fillWorkspace({ url, code, folder, camera: yard }, say);
  await writeFile(kept, JSON.stringify(people), { mode: 0o600 });
  introduce(url, people, signal);
  say('\nThe models are still looking at a clip and pictures; findings appear as they are done ...');
  if (yard !== undefined)
    say('Two people walk through the yard at the harbor every four minutes; alerts come as they do.');
  await finish(signal);
  say('All is there now.');
}

/** @throws TidewaiterError `E_DATA_FOLDER` for a platform that no demonstration filled, or not to its end. */
async function peopleIn(file: string, url: string): Promise<DemoPerson[]> {
  try {
    const people = peopleSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return people.map(({ login, password, secret }) => new DemoPerson(url, login, password, secret));
  } catch (error) {
    throw new TidewaiterError(
      'E_DATA_FOLDER',
      `There is a platform already, and ${file}, which names the people of a demonstration, is missing or damaged`,
      'Give the demonstration a folder of its own, or an empty one.',
      { cause: error },
    );
  }
}

const peopleSchema = z
  .array(z.object({ login: z.string(), password: z.string(), secret: z.string() }))
  .min(1);

/** How to sign in as each of the people; a code lasts half a minute, so Enter shows those of the moment. */
function introduce(url: string, people: readonly DemoPerson[], signal: AbortSignal): void {
  const codes = (): string =>
    people.map((one) => `${one.login.padEnd(12)}${one.password}   ${one.code()}`).join('\n');
  say(`
Open      ${url}

login       password                         code (changes every 30 seconds; Enter shows those of the moment)
${codes()}

Everything in it is simulated.  Ctrl-C ends it${process.stdin.isTTY ? '' : ' (or SIGTERM)'}.`);
  createInterface({ input: process.stdin, signal }).on('line', () => say(codes()));
}

/** @returns undefined when the server ended before: it has said why. */
async function ready(
  out: NodeJS.ReadableStream,
): Promise<{ url: string; firstRunCode?: string } | undefined> {
  for await (const line of createInterface({ input: out }))
    if (line.includes('"event":"ready"')) return JSON.parse(line) as { url: string; firstRunCode?: string };
  return undefined;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
