import { setTimeout as sleep } from 'node:timers/promises';
import { keepInTree, signHead } from '../governance/log/log.ts';
import { logOrigin } from '../governance/log/origin.ts';
import { tellWitness } from '../governance/log/witness.ts';
import { sequence } from '../platform/ledger/ledger.ts';
import type { Platform } from '../platform/platform.ts';
import { enqueueDeliveries } from '../platform/webhooks/deliveries.ts';
import { faultInWords } from './fault-words.ts';
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
    const { witness } = platform.settings.ledger;
    if (head !== undefined && witness !== undefined)
      await tellWitness(witness, head, { db: platform.db, keys: await platform.keys.verifying('ledger') });
    return placed;
  };
  while (!signal.aborted) {
    const placed = await turn().catch((error: unknown) => {
      log(`ledger: ${faultInWords(error)}`, 'error');
      return 0;
    });
    if (placed === 0) await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  await turn().catch(() => undefined);
}
