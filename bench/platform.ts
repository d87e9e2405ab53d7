import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, openAsBlob, rmSync, statSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { Random } from '../src/core/random.ts';
import { joinEmbedded } from '../src/platform/embedded/join.ts';
import { openDatabase, type Database } from '../src/platform/store/database.ts';
import {
  keepObservations,
  preparePartitions,
  type NewObservation,
} from '../src/platform/store/observations.ts';
import { median } from '../src/stats/index.ts';
import { Client, newDataFolder, removeDataFolder, startServing } from '../test/platform/serving.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { formatAll } from './lib/statistics.ts';
import { printTable, verdict } from './lib/table.ts';

const goals = {
  ingest: 5000,
  query: 40,
  facets: 80,
  upload: 0.6,
  clients: 150,
  start: 4,
};
const password = 'seven tides at the quiet pier';
const end = Date.UTC(2026, 5, 15);
const days = 10;

/** What the platform does in a second, beside raw SQL and a plain copy in the same run. */
export const bench: Bench = { title: 'Platform: ingest, queries, uploads, clients, start', run: measure };

async function measure(context: BenchContext): Promise<void> {
  const data = newDataFolder();
  const serving = await startServing(data);
  try {
    const { person, program: client } = await signedIn(serving.url, serving.firstRunCode ?? '');
    const connection = await joinEmbedded(join(data, 'database'));
    if (connection === undefined) throw new Error('the database cannot be joined');
    const db = openDatabase(connection, () => undefined);
    try {
      await ingest(db, context);
      await queries(db, client, context);
      // Before the uploads: their bytes are still on the way to the disk for a while after them.
      await clients(serving.url, person, context);
      await uploads(client, context);
    } finally {
      await db.destroy();
    }
    await serving.stop();
    await starts(data, context);
  } finally {
    await serving.stop();
    removeDataFolder(data);
  }
}

/** Somebody who signed in, and a program of theirs. */
async function signedIn(url: string, code: string): Promise<{ person: Client; program: Client }> {
  const client = new Client(url);
  const person = { login: 'bench', name: 'Bench', password };
  await client.call('POST', '/first-run', { code, ...person });
  await client.enrol(person.login, password);
  await client.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'UTC' });
  return { person: client, program: await newProgram(url, client) };
}

/** A program with a token of its own. */
async function newProgram(url: string, person: Client): Promise<Client> {
  const token = await person.call('POST', '/tokens', {
    name: 'bench',
    scopes: ['read', 'write', 'upload'],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  const program = new Client(url);
  program.token = String(token.body['token']);
  return program;
}

const classes = ['person', 'vehicle', 'plate', 'face', 'bag', 'truck', 'text', 'screen'] as const;

function observation(random: Random): NewObservation {
  const seenAt = new Date(end - random.integer(days * 86_400) * 1000 - random.integer(1000));
  return {
    siteId: 'pier',
    cameraId: '6f1c7f0e-4a51-4be0-9f1e-0d6d6bb5a001',
    seenAt,
    at: random.between(0, 3600),
    class: classes[Math.min(classes.length - 1, Math.floor(random.next() ** 2 * classes.length))]!,
    score: random.next(),
    box: { x: random.integer(1000), y: random.integer(600), width: 40, height: 80 },
    track: `t${random.integer(10_000)}`,
    model: 'bench',
    modelDigest: '0'.repeat(64),
  };
}

async function ingest(db: Database, { short, print }: BenchContext): Promise<void> {
  const [batches, size] = short ? [2, 500] : [500, 2000];
  await preparePartitions(db, new Date(end - days * 86_400_000), new Date(end));
  const random = new Random('bench/observations');
  const rates: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const rows = Array.from({ length: size }, () => observation(random));
    const from = performance.now();
    await db.transaction().execute((tx) => keepObservations(tx, rows));
    rates.push((size * 1000) / (performance.now() - from));
  }
  printTable(
    print,
    ['ingest of observations, indexes on, one connection', 'per second', 'goal', 'kept'],
    [
      [
        `${batches * size} in batches of ${size}`,
        formatAll(rates, 0),
        `>= ${goals.ingest}`,
        verdict(median(rates) >= goals.ingest),
      ],
    ],
  );
}

/** Milliseconds of each of many calls. */
async function timed(count: number, call: (index: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const from = performance.now();
    await call(index);
    times.push(performance.now() - from);
  }
  return times;
}

const p95 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(0.95 * times.length))] ?? NaN;

async function queries(db: Database, client: Client, { short, print }: BenchContext): Promise<void> {
  const count = short ? 5 : 200;
  const random = new Random('bench/queries');
  const span = (): { from: string; to: string; class: string } => {
    const to = end - random.integer((days - 1) * 86_400) * 1000;
    return {
      from: new Date(to - 86_400_000).toISOString(),
      to: new Date(to).toISOString(),
      class: random.pick(classes),
    };
  };
  await db.selectFrom('observations').select('id').limit(1).execute();
  const spans = Array.from({ length: count }, span);
  const raw = await timed(count, async (index) => {
    const { from, to, class: name } = spans[index]!;
    await db
      .selectFrom('observations')
      .selectAll()
      .where('site_id', '=', 'pier')
      .where('class', '=', name)
      .where('score', '>=', 0.9)
      .where('seen_at', '>=', new Date(from))
      .where('seen_at', '<', new Date(to))
      .orderBy('seen_at', 'desc')
      .orderBy('id', 'desc')
      .limit(100)
      .execute();
  });
  const expectOk = async (path: string): Promise<void> => {
    const { status } = await client.call('GET', path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
  };
  const api = await timed(count, (index) => {
    const query = new URLSearchParams({ ...spans[index]!, minScore: '0.9', limit: '100' });
    return expectOk(`/observations?${query.toString()}`);
  });
  const facets = await timed(count, (index) => {
    const { from, to } = spans[index]!;
    return expectOk(`/observations/hours?${new URLSearchParams({ from, to }).toString()}`);
  });
  const row = (name: string, times: readonly number[], goal?: number): string[] => [
    name,
    `${median(times).toFixed(1)}, ${p95(times).toFixed(1)}`,
    goal === undefined ? '-' : `<= ${goal}`,
    goal === undefined ? '-' : verdict(p95(times) <= goal),
  ];
  printTable(
    print,
    [
      `${count} queries over ${short ? '1,000' : '1,000,000'} observations`,
      'ms: median, p95',
      'goal for p95',
      'kept',
    ],
    [
      row('class, 24 h, score >= 0.9, newest 100: raw SQL', raw),
      row('the same through the API', api, goals.query),
      row('counts by hour and class, 24 h, through the API', facets, goals.facets),
    ],
  );
}

async function uploads(client: Client, { short, folder, print }: BenchContext): Promise<void> {
  const megabytes = short ? 4 : 2000;
  const source = join(folder, 'upload.bin');
  const sink = createWriteStream(source);
  for (let written = 0; written < megabytes; written++)
    if (!sink.write(randomBytes(1e6))) await once(sink, 'drain');
  await finished(sink.end());
  const opened = await client.call('POST', '/cases', { site: 'pier', use: 'redaction', title: 'Bench' });
  const copies: number[] = [];
  const rates: number[] = [];
  for (let repeat = 0; repeat < (short ? 1 : 3); repeat++) {
    const copy = join(folder, 'copy.bin');
    const hash = createHash('sha256');
    const [copying] = await timed(1, async () => {
      const from = createReadStream(source, { highWaterMark: 1 << 20 });
      from.on('data', (chunk) => hash.update(chunk));
      await pipeline(from, createWriteStream(copy, { flush: true }));
    });
    rmSync(copy);
    copies.push(statSync(source).size / 1e6 / (copying! / 1000));
    const body = await openAsBlob(source);
    const [uploading] = await timed(1, async () => {
      const response = await client.raw(
        'POST',
        `/cases/${String(opened.body['id'])}/assets?name=${randomUUID()}.bin`,
        { body, headers: { 'content-type': 'application/octet-stream' } },
      );
      if (response.status !== 201) throw new Error(await response.text());
      await response.arrayBuffer();
    });
    rates.push(statSync(source).size / 1e6 / (uploading! / 1000));
  }
  rmSync(source);
  const share = median(rates) / median(copies);
  printTable(
    print,
    [`${megabytes} MB`, 'MB/s', 'share of the copy', 'goal', 'kept'],
    [
      ['plain copy with SHA-256, flushed', formatAll(copies, 0), '1', '-', '-'],
      [
        'upload into the vault',
        formatAll(rates, 0),
        share.toFixed(2),
        `>= ${goals.upload}`,
        verdict(share >= goals.upload),
      ],
    ],
  );
}

/** A client as light as Node has one: it shares the cores with the server, and what it takes is not the server's. */
async function read(url: string, agent: Agent, token: string): Promise<number | undefined> {
  const request = get(url, { agent, headers: { authorization: `Bearer ${token}` } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await finished(response.resume());
  return response.statusCode;
}

async function clients(url: string, person: Client, { short, print }: BenchContext): Promise<void> {
  const [parallel, each] = short ? [4, 3] : [200, 50];
  const programs: Client[] = [];
  for (let number = 0; number < parallel; number++) programs.push(await newProgram(url, person));
  const paths = ['/cases?limit=20', '/jobs?limit=20', '/session', '/sites'];
  const times: number[] = [];
  let errors = 0;
  const own = process.cpuUsage();
  await Promise.all(
    programs.map(async ({ token }, number) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let index = 0; index < each; index++) {
        const from = performance.now();
        const path = paths[(number + index) % paths.length]!;
        const status = await read(`${url}/api/v1${path}`, agent, token ?? '').catch(() => undefined);
        if (status !== 200) errors += 1;
        times.push(performance.now() - from);
      }
      agent.destroy();
    }),
  );
  const { user, system } = process.cpuUsage(own);
  printTable(
    print,
    [
      `${parallel} clients at once, each with a token and a connection of its own, ${each} reads each, the first included`,
      'ms: median, p95',
      'errors',
      'goal',
      'kept',
    ],
    [
      [
        `API reads (the clients themselves take ${((user + system) / 1000 / times.length).toFixed(2)} ms of CPU each)`,
        `${median(times).toFixed(0)}, ${p95(times).toFixed(0)}`,
        errors,
        `<= ${goals.clients}, 0`,
        verdict(p95(times) <= goals.clients && errors === 0),
      ],
    ],
  );
}

async function starts(data: string, { short, print }: BenchContext): Promise<void> {
  const seconds: number[] = [];
  for (let repeat = 0; repeat < (short ? 1 : 5); repeat++) {
    const from = performance.now();
    const serving = await startServing(data);
    seconds.push((performance.now() - from) / 1000);
    await serving.stop();
  }
  printTable(
    print,
    ['start on a data folder that is there', 'seconds until ready', 'goal', 'kept'],
    [
      [
        'tidewaiter serve',
        formatAll(seconds, 2),
        `<= ${goals.start}`,
        verdict(median(seconds) <= goals.start),
      ],
    ],
  );
}
