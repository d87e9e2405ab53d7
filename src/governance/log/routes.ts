import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { publicKeyPem } from '../../core/signing-key.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Role } from '../../platform/people/roles.ts';
import type { Platform } from '../../platform/platform.ts';
import { entriesFrom, newestHead, proveEntry, proveGrowth } from './log.ts';
import { treeSize } from './tiles.ts';

/** Who looks after others: the ledger says who did what at every site. */
const overseers: readonly Role[] = ['supervisor', 'privacy', 'civil-rights', 'ai-governance', 'admin'];

const place = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const proof = z.object({
  proof: z.array(z.string()).describe('Hashes, base64, in the order of RFC 6962.'),
});

/** The ledger and its proofs through the API. */
export function ledgerRoutes({ db, keys }: Platform): Route[] {
  const access = { kind: 'role', roles: overseers, scope: 'read', at: 'everywhere' } as const;
  const shown = { method: 'GET', tag: 'Ledger', access } as const;
  return [
    route({
      ...shown,
      path: '/ledger/head',
      id: 'readLedgerHead',
      summary: 'The newest signed head, and the keys that verify it',
      answer: z.object({
        size: z.int().describe('Entries that it is over.'),
        note: z
          .string()
          .describe('Signed note: origin, size, root, time, signature. Empty before the first.'),
        keys: z.array(z.string()).describe('Public keys (PEM), newest first.'),
      }),
      handle: async () => {
        const [head, known] = [await newestHead(db), await keys.verifying('ledger')];
        return {
          body: {
            size: head?.size ?? 0,
            note: head?.note ?? '',
            keys: known.map(({ publicKey }) => publicKeyPem(publicKey)),
          },
        };
      },
    }),
    route({
      ...shown,
      path: '/ledger/entries',
      id: 'listLedgerEntries',
      summary: 'Entries in their order',
      query: z.object({
        from: place.default(0).describe('First entry.'),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      answer: z.object({
        items: z.array(z.object({ index: z.int(), event: z.record(z.string(), z.unknown()) })),
        size: z.int().describe('Entries of the whole ledger.'),
      }),
      handle: async ({ query }) => {
        const items = await entriesFrom(db, query.from, query.limit);
        return {
          body: {
            items: items.map(({ index, event }) => ({ index, event: event as Record<string, unknown> })),
            size: await treeSize(db),
          },
        };
      },
    }),
    route({
      ...shown,
      path: '/ledger/entries/:index/proof',
      id: 'proveLedgerEntry',
      summary: 'That an entry is in the tree of a size',
      params: z.object({ index: place }),
      query: z.object({ size: place.describe('Entries of the tree: those of a signed head.') }),
      answer: proof,
      handle: async ({ params: { index }, query: { size } }) => {
        if (index >= size || size > (await treeSize(db))) throw outside();
        return { body: base64(await proveEntry(db, index, size)) };
      },
    }),
    route({
      ...shown,
      path: '/ledger/growth',
      id: 'proveLedgerGrowth',
      summary: 'That the tree of a size begins with that of a smaller one',
      query: z.object({ older: place, newer: place }),
      answer: proof,
      handle: async ({ query: { older, newer } }) => {
        if (older > newer || newer > (await treeSize(db))) throw outside();
        return { body: base64(await proveGrowth(db, older, newer)) };
      },
    }),
  ];
}

function outside(): TidewaiterError {
  return new TidewaiterError(
    'E_REQUEST',
    'The ledger has no such entries',
    'Ask /api/v1/ledger/head how many there are.',
  );
}

function base64(hashes: readonly Uint8Array[]): { proof: string[] } {
  return { proof: hashes.map((hash) => Buffer.from(hash).toString('base64')) };
}
