import { sign, verify } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '../src/core/canonical-json.ts';
import { verifyPermit, type SignedPermit } from '../src/core/permit.ts';
import { parseVerifyKey } from '../src/core/signing-key.ts';
import { liftSuspension, suspend } from '../src/governance/permits/suspensions.ts';
import { runChild } from '../src/host/run-child.ts';
import { openDatabase } from '../src/platform/store/database.ts';
import { migrate } from '../src/platform/store/migrate.ts';
import { quantile } from '../src/stats/quantiles.ts';
import { wholeSchema } from '../src/uses/platform.ts';
import { modelDigest, openOffice } from '../test/governance/permit-office.ts';
import { startPostgres } from '../test/platform/postgres.ts';
import type { Trick } from '../test/workers/tricks.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { printTable, verdict } from './lib/table.ts';

/** What permits cost, and how soon a suspension stops a worker. */
export const bench: Bench = { title: 'Permits: checks, leases, suspensions', run: measure };

async function measure({ short, print }: BenchContext): Promise<void> {
  const postgres = await startPostgres();
  const db = openDatabase(await postgres.newDatabase(), () => undefined);
  try {
    await migrate(db, wholeSchema);
    const office = await openOffice(db);
    await office.issued(await office.approved('lanes'));
    const wanted = { use: 'lanes', purpose: 'release', site: 'pier', person: office.people.officer };
    const source = await office.gate.open(wanted);
    const lease = (await source.renew()) as SignedPermit;
    const publicKey = parseVerifyKey(source.publicKey ?? '', 'the key');
    const use = { ...wanted, modelId: 'm', digest: modelDigest, threshold: 0.5 };
    const now = new Date(lease.claims.notBefore);
    const bytes = Buffer.from(canonicalJson(lease.claims));
    const signature = sign(null, bytes, (await office.keys.signing('permits')).privateKey);
    const times = short ? 200 : 20_000;
    const check = timed(times, () => verifyPermit(lease, use, { publicKey, now }));
    const bare = timed(times, () => verify(null, bytes, publicKey, signature));
    const leases: number[] = [];
    for (let index = 0; index < (short ? 20 : 1000); index++) {
      const from = performance.now();
      await source.renew();
      leases.push(performance.now() - from);
    }
    const row = (name: string, taken: readonly number[], goal?: number): string[] => {
      const p99 = quantile(taken, 0.99);
      const kept = goal === undefined ? ['-', '-'] : [`<= ${goal}`, verdict(p99 <= goal)];
      return [name, quantile(taken, 0.5).toFixed(3), p99.toFixed(3), ...kept];
    };
    printTable(
      print,
      ['what', 'ms, median', 'ms, p99', 'goal', 'kept'],
      [
        row('permit check when a model opens', check, 1),
        row('bare Ed25519 verify of the same bytes', bare),
        row('a lease: all rules asked of the database, signed', leases),
      ],
    );
    const stops: number[] = [];
    for (let run = 0; run < (short ? 1 : 20); run++) {
      let pressed = 0;
      let suspension = '';
      await runChild<Trick, unknown, number>({
        entry: new URL('../test/workers/tricks.ts', import.meta.url),
        params: { trick: 'spin' },
        ...{ memoryLimitBytes: 512 << 20, stallSeconds: 60, permit: await office.gate.open(wanted) },
        onMessage: async () => {
          // At any moment between two renewals.
          await sleep((run / 20) * 1000);
          const why = { cause: 'person', reason: 'bench', by: office.people.privacy } as const;
          suspension = (
            await db.transaction().execute((tx) => suspend(tx, { use: 'lanes', ...why, now: office.now() }))
          ).id;
          pressed = performance.now();
        },
      }).catch(() => stops.push(performance.now() - pressed));
      const by = { by: office.people.caio, reason: 'bench', now: office.now() };
      await liftSuspension(office, { id: suspension, ...by });
    }
    const worst = Math.max(...stops) / 1000;
    printTable(
      print,
      ['from the button to the end of a worker in a busy loop', 's', 'goal', 'kept'],
      [
        [`median of ${stops.length}`, (quantile(stops, 0.5) / 1000).toFixed(2), '-', '-'],
        [`worst of ${stops.length}`, worst.toFixed(2), '<= 6', verdict(worst <= 6)],
      ],
    );
  } finally {
    await db.destroy();
    await postgres.stop();
  }
}

/** Milliseconds of each call. */
function timed(times: number, work: () => unknown): number[] {
  return Array.from({ length: times }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
}
