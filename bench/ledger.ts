import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { generateSigningKeyPem, parseSigningKey } from '../src/core/signing-key.ts';
import { exportLedger, verifyExport } from '../src/governance/log/export.ts';
import { currentHead, entryLeaf, keepInTree, proveEntry, signHead } from '../src/governance/log/log.ts';
import { provesInclusion } from '../src/governance/log/merkle.ts';
import { startEmbedded } from '../src/platform/embedded/start.ts';
import { append, sequence, type LedgerEvent } from '../src/platform/ledger/ledger.ts';
import { openDatabase, type Database } from '../src/platform/store/database.ts';
import { migrate } from '../src/platform/store/migrate.ts';
import { Random } from '../src/core/random.ts';
import { median, quantile } from '../src/stats/index.ts';
import { wholeSchema } from '../src/uses/platform.ts';
import { newDataFolder, removeDataFolder } from '../test/platform/serving.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { printTable, verdict } from './lib/table.ts';

const goals = { committed: 2000, verified: 100_000, proof: 5 };

/** The ledger on the embedded database: events of many writers, proofs among a million entries, verification of a file. */
export const bench: Bench = { title: 'Ledger: events, proofs, verification', run: measure };

async function measure(context: BenchContext): Promise<void> {
  const data = newDataFolder();
  const server = await startEmbedded({
    folder: join(data, 'database'),
    log: () => undefined,
    onFailed: () => undefined,
  });
  const db = openDatabase({ ...server.connection, connections: 20 }, () => undefined);
  try {
    await migrate(db, wholeSchema);
    await writers(db, context);
    await fill(db, context);
    await proofs(db, context);
    await verification(db, context);
  } finally {
    await db.destroy();
    await server.stop();
    removeDataFolder(data);
  }
}

const event = (number: number): LedgerEvent => ({
  kind: 'asset.viewed',
  at: new Date(1_780_000_000_000 + number),
  actor: '6f1c7f0e-4a51-4be0-9f1e-0d6d6bb5a001',
  siteId: 'pier',
  subjects: { asset: `6f1c7f0e-4a51-4be0-9f1e-${number.toString(16).padStart(12, '0')}` },
  facts: { bytes: number },
});

/** Writers commit one event each, one after the other, while the sequencer places them: as fast as they come to rest. */
async function writers(db: Database, { short, print }: BenchContext): Promise<void> {
  const [seconds, parallel] = short ? [1, 4] : [10, 16];
  let [committed, ending] = [0, false];
  const sequencer = (async () => {
    for (;;) {
      const placed = await sequence(db, keepInTree);
      if (placed === 0 && ending) return;
    }
  })();
  const from = performance.now();
  const until = from + seconds * 1000;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (performance.now() < until) {
        const number = committed++;
        await db.transaction().execute((tx) => append(tx, event(number)));
      }
    }),
  );
  const rate = (committed * 1000) / (performance.now() - from);
  ending = true;
  await sequencer;
  const placed = (committed * 1000) / (performance.now() - from);
  const key = parseSigningKey(generateSigningKeyPem(), 'bench');
  const [signing] = await timed(1, () => signHead(db, { origin: 'bench', key, now: new Date() }));
  printTable(
    print,
    [`${parallel} writers, one event per transaction, ${seconds} s`, 'measured', 'goal', 'kept'],
    [
      [
        'events committed per second',
        rate.toFixed(0),
        `>= ${goals.committed}`,
        verdict(rate >= goals.committed),
      ],
      ['of these in the tree, per second', placed.toFixed(0), '-', '-'],
      ['signing a head, ms', signing!.toFixed(1), '-', '-'],
    ],
  );
}

/** Brings the ledger to a million entries, many in a transaction. */
async function fill(db: Database, { short }: BenchContext): Promise<void> {
  const wanted = short ? 2000 : 1_000_000;
  for (let { size } = await currentHead(db); size < wanted; size += 500) {
    const rows = Array.from({ length: 500 }, (_, i) => {
      const { at, ...rest } = event(size + i);
      return { event: JSON.stringify({ ...rest, at: at.toISOString() }) };
    });
    await db.insertInto('ledger_outbox').values(rows).execute();
    await sequence(db, keepInTree);
  }
}

async function timed(count: number, call: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const from = performance.now();
    await call();
    times.push(performance.now() - from);
  }
  return times;
}

async function proofs(db: Database, { short, print }: BenchContext): Promise<void> {
  const random = new Random('bench/proofs');
  const { size, root } = await currentHead(db);
  const times = await timed(short ? 20 : 1000, async () => {
    const index = random.integer(size);
    const proof = await proveEntry(db, index, size);
    const { event: found } = await db
      .selectFrom('ledger')
      .select('event')
      .where('index', '=', index)
      .executeTakeFirstOrThrow();
    if (!provesInclusion({ leaf: entryLeaf(found), index, within: { begin: 0, end: size }, proof }, root))
      throw new Error(`the proof of entry ${index} does not hold`);
  });
  const p95 = quantile(times, 0.95);
  printTable(
    print,
    [`proof of an entry among ${size.toLocaleString('en')}, read, made and checked`, 'ms', 'goal', 'kept'],
    [
      ['median', median(times).toFixed(2), '-', '-'],
      ['p95', p95.toFixed(2), `<= ${goals.proof}`, verdict(p95 <= goals.proof)],
    ],
  );
}

async function verification(db: Database, { print }: BenchContext): Promise<void> {
  const key = parseSigningKey(generateSigningKeyPem(), 'bench');
  await db.transaction().execute((tx) => append(tx, event(0)));
  while ((await sequence(db, keepInTree)) > 0);
  const head = await signHead(db, { origin: 'bench', key, now: new Date() });
  const lines: string[] = [];
  // Heads that the writers' part signed have another key.
  for await (const line of exportLedger(db))
    if (!line.startsWith('{"head"') || line.includes(JSON.stringify(head!.note))) lines.push(line.trimEnd());
  const [verifying] = await timed(1, () => verifyExport(lines, [key.publicKey]));
  const from = performance.now();
  for (const line of lines) createHash('sha256').update(line).digest();
  const hashing = performance.now() - from;
  const rate = (lines.length * 1000) / verifying!;
  printTable(
    print,
    [`verification of an export of ${lines.length.toLocaleString('en')} lines`, 'per second', 'goal', 'kept'],
    [
      ['entries verified', rate.toFixed(0), `>= ${goals.verified}`, verdict(rate >= goals.verified)],
      ['bare SHA-256 of the same lines', ((lines.length * 1000) / hashing).toFixed(0), '-', '-'],
    ],
  );
}
