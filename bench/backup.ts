import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, openAsBlob, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { joinEmbedded } from '../src/platform/embedded/join.ts';
import { openDatabase } from '../src/platform/store/database.ts';
import { preparePartitions } from '../src/platform/store/observations.ts';
import { ask } from '../test/platform/attack/house.ts';
import { signedIn } from '../test/platform/attack/writers.ts';
import { newDataFolder, removeDataFolder, startServing } from '../test/platform/serving.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { printTable, verdict } from './lib/table.ts';

const run = promisify(execFile);
const bin = fileURLToPath(new URL('../bin/tidewaiter.js', import.meta.url));
const end = new Date(Date.UTC(2026, 5, 15));
const DAYS = 10;

/** How long backup and restore take, beside a plain copy of as many bytes, and that what comes back is what there was. */
export const bench: Bench = { title: 'Backup and restore', run: measure };

async function measure({ short, folder, print }: BenchContext): Promise<void> {
  const [observations, megabytes, files] = short ? [1_000, 50, 5] : [1_000_000, 5_000, 50];
  const [data, restored] = [newDataFolder(), newDataFolder()];
  const [file, passphrase] = [join(folder, 'backup.tar'), join(folder, 'passphrase')];
  writeFileSync(passphrase, 'seven tides at the quiet pier\n', { mode: 0o600 });
  try {
    await fill(data, { observations, megabytes, files, folder });
    const before = await digestOf(data);
    const back = await seconds(() => tidewaiter(data, 'backup', file, '--passphrase-file', passphrase));
    const bytes = statSync(file).size;
    rmSync(restored, { recursive: true });
    const forth = await seconds(() => tidewaiter(restored, 'restore', file, '--passphrase-file', passphrase));
    const copy = await seconds(() => plainCopy(file, join(folder, 'copy.tar')));
    const after = await digestOf(restored);
    const row = (what: string, took: number): string[] => [
      what,
      took.toFixed(1),
      (bytes / 1e6 / took).toFixed(0),
      (took / copy).toFixed(1),
    ];
    printTable(
      print,
      [`${observations} observations and ${megabytes} MB of assets`, 'seconds', 'MB/s', 'times the copy'],
      [
        row('plain copy of the backup, flushed', copy),
        row('tidewaiter backup', back),
        row('tidewaiter restore', forth),
      ],
    );
    const equal = before === after;
    printTable(
      print,
      ['what came back', 'goal', 'kept'],
      [[equal ? 'every row and every byte' : 'something else', 'hash-equal', verdict(equal)]],
    );
    if (!equal) throw new Error('what was restored is not what there was');
  } finally {
    removeDataFolder(data);
    removeDataFolder(restored);
  }
}

interface Filling {
  readonly observations: number;
  readonly megabytes: number;
  readonly files: number;
  readonly folder: string;
}

async function fill(data: string, { observations, megabytes, files, folder }: Filling): Promise<void> {
  const serving = await startServing(data);
  try {
    const headers = await signedIn(serving);
    const body = { site: 'pier', use: 'redaction', title: 'Everything' };
    const opened = await ask(serving, { method: 'POST', path: '/api/v1/cases', body, headers });
    const { id } = JSON.parse(opened.text) as { id: string };
    const path = join(folder, 'asset.bin');
    for (let index = 0; index < files; index++) {
      await randomFile(path, Math.round(megabytes / files));
      const response = await fetch(`${serving.url}/api/v1/cases/${id}/assets?name=${index}.bin`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/octet-stream' },
        body: await openAsBlob(path),
      });
      if (response.status !== 201) throw new Error(await response.text());
    }
    rmSync(path);
    await withDatabase(data, async (db) => {
      await preparePartitions(db, new Date(end.getTime() - DAYS * 86_400_000), end);
      await sql`
        insert into observations (site_id, camera_id, seen_at, at, class, score, box, track, model, model_digest)
        select 'pier', '6f1c7f0e-4a51-4be0-9f1e-0d6d6bb5a001',
          ${end}::timestamptz - (random() * ${DAYS - 1}) * interval '1 day', random() * 3600,
          (array['person', 'vehicle', 'plate', 'face'])[1 + floor(random() * 4)::int], random(),
          '{"x": 10, "y": 20, "width": 40, "height": 80}', 't' || n, 'bench', repeat('0', 64)
        from generate_series(1, ${observations}::int) n`.execute(db);
    });
  } finally {
    await serving.stop();
  }
}

async function randomFile(path: string, megabytes: number): Promise<void> {
  const file = createWriteStream(path);
  for (let written = 0; written < megabytes; written++)
    if (!file.write(randomBytes(1e6))) await once(file, 'drain');
  file.end();
  await finished(file);
}

/** Of every observation, and of the bytes of every asset as the API gives them out. */
async function digestOf(data: string): Promise<string> {
  const serving = await startServing(data);
  const hash = createHash('sha256');
  try {
    const token = await tidewaiter(
      data,
      ...['token', 'create', '--login', 'first-admin', '--name', 'bench', '--scope', 'read'],
    );
    const headers = { authorization: `Bearer ${token.trim()}` };
    const assets = await withDatabase(data, async (db) => {
      const { rows } = await sql<{ digest: string }>`
        select md5(string_agg(md5(o::text), '' order by o::text)) as digest from observations o`.execute(db);
      hash.update(rows[0]?.digest ?? '');
      return db.selectFrom('assets').select(['id', 'sha256']).orderBy('id').execute();
    });
    for (const { id, sha256 } of assets) {
      const { body } = await fetch(`${serving.url}/api/v1/assets/${id}/content`, { headers });
      const own = createHash('sha256');
      for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) own.update(chunk);
      if (own.digest('hex') !== sha256) throw new Error(`asset ${id} is not what it was`);
      hash.update(`${id} ${sha256}\n`);
    }
    return hash.digest('hex');
  } finally {
    await serving.stop();
  }
}

async function withDatabase<T>(
  data: string,
  work: (db: ReturnType<typeof openDatabase>) => Promise<T>,
): Promise<T> {
  const connection = await joinEmbedded(join(data, 'database'));
  if (connection === undefined) throw new Error('the database cannot be joined');
  const db = openDatabase(connection, () => undefined);
  return work(db).finally(() => db.destroy());
}

async function tidewaiter(data: string, ...words: string[]): Promise<string> {
  const env = { ...process.env, TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: '' };
  const { stdout } = await run(process.execPath, [bin, ...words], { env });
  return stdout;
}

async function plainCopy(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from, { highWaterMark: 1 << 20 }), createWriteStream(to, { flush: true }));
  rmSync(to);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}
