import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from '../src/stats/index.ts';
import {
  doneOnce,
  killed,
  redactionFolders,
  startRedaction,
  until,
} from '../test/platform/attack/redactions.ts';
import { signedIn, startWriters, storedTitles, type Writers } from '../test/platform/attack/writers.ts';
import { freePort } from '../test/platform/free-port.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../test/platform/serving.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { formatAll } from './lib/statistics.ts';
import { printTable, verdict } from './lib/table.ts';

const bin = fileURLToPath(new URL('../bin/tidewaiter.js', import.meta.url));
const victims = ['server', 'PostgreSQL', 'worker'] as const;
const BACK_MS = 60_000;

/** What kill -9 under load costs: nothing of what was acknowledged, and some seconds. */
export const bench: Bench = { title: 'kill -9 of server, PostgreSQL and worker under load', run: measure };

/** A platform under load, whose parts are killed in turn. */
interface Scene {
  readonly data: string;
  readonly port: string;
  readonly settings: string;
  readonly headers: Record<string, string>;
  readonly writers: Writers;
  serving: Serving;
  worker: ChildProcess;
}

async function measure({ short, print }: BenchContext): Promise<void> {
  const rounds = short ? 9 : 60;
  const data = newDataFolder();
  const settings = join(data, 'settings.yaml');
  writeFileSync(settings, 'jobs:\n  redaction: 0\n');
  const port = String(await freePort());
  const serving = await startServing(data, environment(settings, port));
  const headers = await signedIn(serving);
  const writers = startWriters(() => `http://127.0.0.1:${port}`, headers);
  const scene: Scene = {
    ...{ data, port, settings, headers, writers, serving },
    worker: startWorker(data),
  };
  const seconds: Record<(typeof victims)[number], number[]> = { server: [], PostgreSQL: [], worker: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      const victim = victims[round % victims.length]!;
      await sleep(300 + 100 * (round % 7));
      const from = performance.now();
      await kills[victim](scene);
      seconds[victim].push((performance.now() - from) / 1000);
    }
    await writers.stop();
    const stored = await storedTitles(scene.serving.url, headers);
    const lost = [...writers.acknowledged].filter((title) => !stored.has(title)).length;
    printTable(
      print,
      ['rounds', 'acknowledged writes', 'lost', 'goal', 'kept'],
      [[rounds, writers.acknowledged.size, lost, '0', verdict(lost === 0)]],
    );
    printTable(
      print,
      ['killed', 'rounds', 'seconds until work goes on: median, all'],
      victims.map((victim) => [
        victim,
        seconds[victim].length,
        `${median(seconds[victim]).toFixed(1)}, ${formatAll(seconds[victim], 1)}`,
      ]),
    );
    if (lost > 0) throw new Error(`${lost} acknowledged writes were lost`);
  } finally {
    await writers.stop();
    await ended(scene.worker);
    await scene.serving.stop();
    removeDataFolder(data);
  }
}

/** Kills a part, and comes back when what it did goes on. */
const kills: Readonly<Record<(typeof victims)[number], (scene: Scene) => Promise<void>>> = {
  server: async (scene) => {
    await killed(scene.serving.process);
    scene.serving = await startServing(scene.data, environment(scene.settings, scene.port));
    await writesAgain(scene.writers);
  },
  PostgreSQL: async ({ data, writers }) => {
    const [file = ''] = globSync('database/**/postmaster.pid', { cwd: data });
    process.kill(Number(readFileSync(join(data, file), 'utf8').split('\n')[0]), 'SIGKILL');
    await writesAgain(writers);
  },
  worker: async (scene) => {
    const { serving, data, headers } = scene;
    // The one before may have left with the database that was killed.
    await ended(scene.worker);
    scene.worker = startWorker(data);
    const redaction = await startRedaction(serving.url, headers);
    await until(() => redactionFolders(data).length === 1, 'a worker took the job up');
    await ended(scene.worker);
    scene.worker = startWorker(data);
    await doneOnce(serving, headers, redaction);
  },
};

async function writesAgain({ acknowledged }: Writers): Promise<void> {
  const [before, from] = [acknowledged.size, performance.now()];
  while (acknowledged.size < before + 5) {
    assert.ok(performance.now() - from < BACK_MS, 'no write is acknowledged any more');
    await sleep(20);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await killed(child);
}

function environment(settings: string, port: string): NodeJS.ProcessEnv {
  return { TIDEWAITER_SETTINGS: settings, TIDEWAITER_PORT: port };
}

/** One that takes up redactions; the server itself takes none. */
function startWorker(data: string): ChildProcess {
  const env = { ...process.env, TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: '' };
  return spawn(process.execPath, [bin, 'worker'], { stdio: 'ignore', env });
}
