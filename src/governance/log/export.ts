import type { KeyObject } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database } from '../../platform/store/database.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { Frontier } from './frontier.ts';
import { entriesFrom, entryLeaf } from './log.ts';
import { hashesOf } from './tiles.ts';

/**
 * The ledger as a file of JSON lines that can be checked without this installation: `{"ledger":1}`, then each entry
 * `{"index","leaf","event"}` in its order, and behind the last entry of each signed head `{"head"}`, the signed note.
 */
const FORMAT = { ledger: 1 };

/** What a file of the ledger was found to hold. */
export interface VerifiedLedger {
  readonly entries: number;
  readonly heads: number;
  /** The last head, which is over all entries. */
  readonly last: Checkpoint;
}

/** Lines of a file with all of the ledger up to its newest signed head, each with its end. */
export async function* exportLedger(db: Database): AsyncGenerator<string> {
  yield lineOf(FORMAT);
  let [next, size] = [0, -1];
  for (;;) {
    const heads = await db
      .selectFrom('ledger_heads')
      .select(['size', 'note'])
      .where('size', '>', size)
      .orderBy('size')
      .limit(1000)
      .execute();
    if (heads.length === 0) return;
    for (const head of heads) {
      while (next < head.size) {
        const entries = await entriesFrom(db, next, Math.min(1000, head.size - next));
        if (entries.length === 0) throw new TypeError(`the ledger misses entry ${next}`);
        // As the tree has them: an event that was changed since then is found by its own hash.
        const leaves = await hashesOf(
          db,
          entries.map(({ index }) => ({ begin: index, end: index + 1 })),
        );
        for (const [i, { index, event }] of entries.entries())
          yield lineOf({ index, leaf: Buffer.from(leaves[i]!).toString('base64'), event });
        next += entries.length;
      }
      yield lineOf({ head: head.note });
      size = head.size;
    }
  }
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/**
 * Checks a file of the ledger with the public key alone.
 * @param lines of the file, without their ends.
 * @param keys that may have signed: the key of the ledger, and those it had before.
 * @param witnessed signed notes that somebody else kept: the file must hold what they saw.
 * @throws TidewaiterError `E_LEDGER_CHANGED` naming the entry or head where it goes wrong, `E_LEDGER_FILE` for what is no
 *   such file.
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  keys: readonly KeyObject[],
  witnessed: readonly string[] = [],
): Promise<VerifiedLedger> {
  const frontier = new Frontier();
  const seen = new Map(witnessed.map((note, at) => [sizeOf(note, at, keys), note]));
  let number = 0;
  let heads = 0;
  let last: Checkpoint | undefined;
  for await (const line of lines) {
    number += 1;
    const parsed = parseLine(line, number);
    if (number === 1) {
      if (parsed['ledger'] !== FORMAT.ledger) throw noLedger(number);
    } else if (typeof parsed['head'] === 'string') {
      last = checkHead(parsed['head'], { keys, frontier, last });
      heads += 1;
      const other = seen.get(last.size);
      if (other !== undefined) checkWitness(other, { keys, frontier });
      seen.delete(last.size);
    } else {
      frontier.push(checkEntry(parsed, frontier.size, number));
      const other = seen.get(frontier.size);
      if (other !== undefined) checkWitness(other, { keys, frontier });
      seen.delete(frontier.size);
    }
  }
  if (last === undefined) throw noLedger(number);
  if (last.size !== frontier.size)
    throw changed(`nobody signed what lies behind entry ${last.size - 1}: the file was cut`);
  const [missing] = seen.keys();
  if (missing !== undefined)
    throw changed(`the witness saw ${missing} entries, and the file holds ${frontier.size}`);
  return { entries: frontier.size, heads, last };
}

function parseLine(line: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw noLedger(number);
}

function checkEntry({ index, leaf, event }: Record<string, unknown>, expected: number, line: number): Buffer {
  if (typeof index !== 'number' || typeof leaf !== 'string' || typeof event !== 'object' || event === null)
    throw noLedger(line);
  if (index !== expected) throw changed(`entry ${expected} is missing; entry ${index} is in its place`);
  const hash = entryLeaf(event);
  if (hash.toString('base64') !== leaf) throw changed(`entry ${index} is not what its hash says`);
  return hash;
}

interface HeadCheck {
  readonly keys: readonly KeyObject[];
  readonly frontier: Frontier;
}

function checkHead(
  note: string,
  { keys, frontier, last }: HeadCheck & { readonly last: Checkpoint | undefined },
): Checkpoint {
  const head = open(note, keys);
  if (head === undefined)
    throw changed(`the head behind entry ${frontier.size - 1} was not signed by the given key`);
  if (head.size !== frontier.size || Buffer.compare(head.root, frontier.root()) !== 0)
    throw changed(
      `the head over ${head.size} entries does not fit: something changed behind entry ${last?.size ?? 0} and before ${head.size}`,
    );
  return head;
}

function checkWitness(note: string, { keys, frontier }: HeadCheck): void {
  const head = open(note, keys);
  if (head === undefined || Buffer.compare(head.root, frontier.root()) !== 0)
    throw changed(`the witness saw another history of the first ${frontier.size} entries`);
}

function sizeOf(note: string, at: number, keys: readonly KeyObject[]): number {
  const head = open(note, keys);
  if (head !== undefined) return head.size;
  throw new TidewaiterError(
    'E_LEDGER_CHANGED',
    `Note ${at + 1} of the witness was not signed by the given key`,
    'Give the key and the witness of this ledger; if they are, the file of the witness was changed: keep it.',
  );
}

function open(note: string, keys: readonly KeyObject[]): Checkpoint | undefined {
  for (const key of keys) {
    const head = openCheckpoint(note, key);
    if (head !== undefined) return head;
  }
  return undefined;
}

function changed(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_LEDGER_CHANGED',
    `The ledger was changed: ${what}`,
    'Keep this file, and compare it with an export or a witness of another day.',
  );
}

function noLedger(line: number): TidewaiterError {
  return new TidewaiterError(
    'E_LEDGER_FILE',
    `This is no whole export of a ledger (line ${line})`,
    'Give a file that tidewaiter governance ledger export wrote.',
  );
}
