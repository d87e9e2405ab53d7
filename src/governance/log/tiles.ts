import { sql } from 'kysely';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { joinNodes, nodeHash, perfectNodes, type LeafRange, type PerfectNode } from './merkle.ts';

/**
 * The tree is kept in tiles, as logs of certificates keep theirs (C2SP tlog-tiles): a tile of level L holds up to 256 hashes
 * of nodes over 256^L leaves each. A proof over a million entries reads six of them at most.
 */
const TILE_BITS = 8;
const TILE_HASHES = 2 ** TILE_BITS;
const HASH_BYTES = 32;

interface LedgerTilesTable {
  readonly level: number;
  readonly tile: number;
  readonly hashes: Buffer;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    ledger_tiles: LedgerTilesTable;
  }
}

/**
 * Puts leaves behind those that are there. Called in the transaction that gives entries their places, so by one at a time.
 * @param first place of the first of them: how many there were before.
 */
export async function growTree(
  tx: DatabaseTransaction,
  first: number,
  leaves: readonly Uint8Array[],
): Promise<void> {
  let [level, start, hashes] = [0, first, leaves];
  while (hashes.length > 0) {
    const within = start % TILE_HASHES;
    const firstTile = (start - within) / TILE_HASHES;
    const begun = within === 0 ? Buffer.alloc(0) : await tileAt(tx, level, firstTile);
    const all = Buffer.concat([begun.subarray(0, within * HASH_BYTES), ...hashes]);
    const rows: LedgerTilesTable[] = [];
    for (let at = 0; at < all.length; at += TILE_HASHES * HASH_BYTES)
      rows.push({
        level,
        tile: firstTile + rows.length,
        hashes: all.subarray(at, at + TILE_HASHES * HASH_BYTES),
      });
    await tx
      .insertInto('ledger_tiles')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['level', 'tile']).doUpdateSet((eb) => ({ hashes: eb.ref('excluded.hashes') })),
      )
      .execute();
    const whole = rows.filter((row) => row.hashes.length === TILE_HASHES * HASH_BYTES);
    // A tile that was full before stays as it was, so whole ones here are new to the level above.
    hashes = whole.map((row) => rootOfTile(row.hashes, 0, TILE_HASHES));
    start = firstTile;
    level += 1;
  }
}

/** How many leaves the tree has. */
export async function treeSize(db: Database | DatabaseTransaction): Promise<number> {
  const last = await db
    .selectFrom('ledger_tiles')
    .select(['tile', (eb) => eb.fn<number>('length', ['hashes']).as('bytes')])
    .where('level', '=', 0)
    .orderBy('tile', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last === undefined ? 0 : last.tile * TILE_HASHES + last.bytes / HASH_BYTES;
}

/** Hashes of parts of the tree, in the order asked. @throws TypeError for a part that is not there. */
export async function hashesOf(
  db: Database | DatabaseTransaction,
  ranges: readonly LeafRange[],
): Promise<Uint8Array[]> {
  const nodes = ranges.map(perfectNodes);
  const tiles = await tilesOf(db, nodes.flat().map(placeOf));
  return nodes.map((parts) =>
    joinNodes(
      parts.map((node) => {
        const { level, tile, from, count } = placeOf(node);
        const hashes = tiles.get(keyOf(level, tile));
        if (hashes === undefined || hashes.length < (from + count) * HASH_BYTES)
          throw new TypeError(`the tree has no node ${node.index} of level ${node.level}`);
        return rootOfTile(hashes, from, count);
      }),
    ),
  );
}

interface TilePlace {
  readonly level: number;
  readonly tile: number;
  /** First hash of the tile that the node covers, and how many. */
  readonly from: number;
  readonly count: number;
}

function placeOf({ level, index }: PerfectNode): TilePlace {
  const tileLevel = Math.floor(level / TILE_BITS);
  const count = 2 ** (level % TILE_BITS);
  const first = index * count;
  return { level: tileLevel, tile: Math.floor(first / TILE_HASHES), from: first % TILE_HASHES, count };
}

async function tilesOf(
  db: Database | DatabaseTransaction,
  places: readonly TilePlace[],
): Promise<Map<string, Buffer>> {
  const wanted = [...new Map(places.map((place) => [keyOf(place.level, place.tile), place])).values()];
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<LedgerTilesTable>`
    select level, tile, hashes from ledger_tiles join unnest(
      ${wanted.map(({ level }) => level)}::smallint[], ${wanted.map(({ tile }) => tile)}::bigint[]
    ) as wanted (level, tile) using (level, tile)`.execute(db);
  return new Map(rows.map(({ level, tile, hashes }) => [keyOf(level, tile), hashes]));
}

async function tileAt(tx: DatabaseTransaction, level: number, tile: number): Promise<Buffer> {
  const { hashes } = await tx
    .selectFrom('ledger_tiles')
    .select('hashes')
    .where('level', '=', level)
    .where('tile', '=', tile)
    .executeTakeFirstOrThrow();
  return hashes;
}

function keyOf(level: number, tile: number): string {
  return `${level}/${tile}`;
}

/** The root over `count` hashes (a power of two) of a tile. */
function rootOfTile(hashes: Buffer, from: number, count: number): Uint8Array {
  let row = Array.from({ length: count }, (_, i): Uint8Array =>
    hashes.subarray((from + i) * HASH_BYTES, (from + i + 1) * HASH_BYTES),
  );
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i]!, row[2 * i + 1]!));
  return row[0]!;
}
