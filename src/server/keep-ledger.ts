import { appendFile, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidewaiterError } from '../core/errors.ts';
import { keepInTree, proveGrowth, signHead, type SignedHead } from '../governance/log/log.ts';
import { openCheckpoint } from '../governance/log/checkpoint.ts';
import { provesConsistency } from '../governance/log/merkle.ts';
import { logOrigin } from '../governance/log/origin.ts';
import { sequence } from '../platform/ledger/ledger.ts';
import type { Platform } from '../platform/platform.ts';
import { enqueueDeliveries } from '../platform/webhooks/deliveries.ts';
import type { Log } from './log.ts';

const PAUSE_MS = 500;

/**
 * Gives events of the ledger their places as they come in, keeps the hash tree over them, signs it within a second of each
 * change, and tells the witness. Several servers of one database may do so.
 */
export async function keepLedger(platform: Platform, signal: AbortSignal, log: Log): Promise<void> {
  const told: Parameters<typeof sequence>[1] = async (tx, events) => {
    await keepInTree(tx, events);
    await enqueueDeliveries(platform, tx, events);
  };
  const turn = async (): Promise<number> => {
    const placed = await sequence(platform.db, told);
    const key = await platform.keys.signing('ledger');
    const origin = await logOrigin(platform.keys);
    const head = await signHead(platform.db, { origin, key, now: platform.now() });
    if (head !== undefined) await tellWitness(platform, head);
    return placed;
  };
  while (!signal.aborted) {
    const placed = await turn().catch((error: unknown) => {
      log(`ledger: ${error instanceof Error ? error.message : String(error)}`, 'error');
      return 0;
    });
    if (placed === 0) await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  await turn().catch(() => undefined);
}

/**
 * Writes a signed head behind those that the witness has. Before that, the ledger must prove that it still begins with what
 * the witness saw last: whoever rewrites the database cannot do it unseen.
 * @throws TidewaiterError `E_LEDGER_WITNESS`.
 */
async function tellWitness({ db, keys, settings }: Platform, head: SignedHead): Promise<void> {
  const { witness } = settings.ledger;
  if (witness === undefined) return;
  const file = await readFile(witness, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw witnessError(`its file cannot be read: ${error.message}`);
  });
  const last = file
    .split(NOTE_END)
    .filter((note) => note !== '')
    .at(-1);
  if (last === head.note) return;
  if (last !== undefined) {
    const known = await keys.verifying('ledger');
    const seen = known.map(({ publicKey }) => openCheckpoint(last, publicKey)).find((found) => found);
    if (seen === undefined) throw witnessError('its last head was not signed by this ledger');
    if (seen.size > head.size)
      throw witnessError(`it saw ${seen.size} entries, and the ledger has ${head.size}`);
    const part = { begin: 0, end: seen.size, root: seen.root };
    const proof = await proveGrowth(db, seen.size, head.size);
    if (!provesConsistency({ part, tree: head, proof }))
      throw witnessError(`the first ${seen.size} entries are not those that it saw`);
  }
  await appendFile(witness, `${head.note}${NOTE_END}`, { flush: true, mode: 0o600 }).catch((error: Error) => {
    throw witnessError(`its file cannot be written: ${error.message}`);
  });
}

/** Notes contain one empty line; two in a row part them. */
const NOTE_END = '\n\n';

function witnessError(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_LEDGER_WITNESS',
    `The witness of the ledger could not be told: ${what}`,
    'Look at the file that ledger.witness names. If entries were lost or changed, find out why before you replace it.',
  );
}
