import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { checkChain, nextLine, type ChainEntry } from '../../core/chain.ts';
import { sha256 } from '../../core/digest.ts';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { type SigningKey } from '../../core/signing-key.ts';
import type { AcceptancePlan } from './plan.ts';
import { checkPictures, commitmentOf, digestSet, readSet, type TestSet } from './set.ts';
import { holds, signClaims } from '../signed-claims.ts';
import { parseFile, signedCommitment, type SignedCommitment } from './signed.ts';

/** Files of a lab. What a vendor may see is the commitment, and its own report. */
export const labFiles = {
  commitment: 'commitment.json',
  seal: 'seal.json',
  chain: 'chain.jsonl',
  lock: '.lock',
} as const;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const sealSchema = z.strictObject({
  /** 32 bytes, base64. Whoever has it can check the commitment, and guess at the set. */
  salt: z.string(),
  folder: z.string(),
  files: z.record(z.string(), digest),
});

/** A sealed set, opened by the lab. */
export interface SealedSet {
  readonly commitment: SignedCommitment;
  readonly salt: Buffer;
  readonly folder: string;
  readonly set: TestSet;
}

export interface SealOptions {
  readonly setFolder: string;
  readonly lab: string;
  readonly plan: AcceptancePlan;
  readonly key: SigningKey;
  readonly admitted: readonly string[] | null;
  readonly now: Date;
}

/**
 * Seals a set: digests all of it and commits to it before anybody is tested.
 * @throws TidewaiterError `E_ACCEPT_SET`, `E_OUTPUT_EXISTS`.
 */
export async function seal({
  setFolder,
  lab,
  plan,
  key,
  admitted,
  now,
}: SealOptions): Promise<SignedCommitment> {
  const set = await readSet(setFolder);
  if (set.kind !== plan.kind)
    throw new TidewaiterError(
      'E_ACCEPT_SET',
      `The set is for ${set.kind}, the plan for ${plan.kind}`,
      'Give a plan for this set.',
    );
  const files = await digestSet(setFolder, set);
  await checkPictures(setFolder, set);
  const salt = randomBytes(32);
  const claims = {
    format: 'tidewaiter-acceptance-set-1' as const,
    ...{ name: set.name, items: set.items.length, commitment: commitmentOf(salt, files), plan },
    ...{ admitted: admitted === null ? null : [...admitted], sealedAt: now.toISOString() },
  };
  const commitment = signClaims(claims, key);
  await mkdir(lab, { recursive: true, mode: 0o700 });
  await writeOnce(
    join(lab, labFiles.seal),
    `${canonicalJson({ salt: salt.toString('base64'), folder: resolve(setFolder), files })}\n`,
    0o600,
  );
  await writeOnce(join(lab, labFiles.commitment), `${canonicalJson(commitment)}\n`);
  await chainFile(lab, 'commitment', labFiles.commitment, key, now);
  return commitment;
}

/**
 * Opens a sealed set and checks that it is what was committed to.
 * @throws TidewaiterError `E_ACCEPT_FILE`, `E_ACCEPT_SEAL` naming the file that was changed.
 */
export async function openSeal(lab: string): Promise<SealedSet> {
  const commitment = parseFile(
    signedCommitment,
    await labText(lab, labFiles.commitment),
    labFiles.commitment,
  );
  const {
    salt: text,
    folder,
    files,
  } = parseFile(sealSchema, await labText(lab, labFiles.seal), labFiles.seal);
  const salt = Buffer.from(text, 'base64');
  if (!holds(commitment)) throw broken(`${labFiles.commitment} is not what was signed`);
  if (commitmentOf(salt, files) !== commitment.claims.commitment)
    throw broken(`${labFiles.seal} is not what was committed to`);
  const set = await readSet(folder);
  const now = await digestSet(folder, set);
  for (const name of new Set([...Object.keys(files), ...Object.keys(now)]))
    if (files[name] !== now[name]) throw broken(`${name} of the set was changed since it was sealed`);
  return { commitment, salt, folder, set };
}

/** Name of a file of a submission in the lab's folder. */
export function submissionFile(vendor: string, what: 'claim' | 'answers' | 'report'): string {
  return `${vendor}.${what}.json`;
}

/**
 * Takes the one submission that a key has. It counts from now on, whatever becomes of the run.
 * @throws TidewaiterError `E_ACCEPT_TWICE`, `E_ACCEPT_ADMITTED`, `E_ACCEPT_SEAL` when the chain was changed.
 */
export async function claimSubmission(
  lab: string,
  {
    vendor,
    tested,
    key,
    now,
  }: { readonly vendor: string; readonly tested: string; readonly key: SigningKey; readonly now: Date },
  { claims: { admitted, commitment } }: SignedCommitment,
): Promise<void> {
  if (admitted !== null && !admitted.includes(vendor))
    throw new TidewaiterError(
      'E_ACCEPT_ADMITTED',
      `The key ${vendor.slice(0, 16)} was not admitted when the set was sealed`,
      'Seal a new set that admits it.',
    );
  const name = submissionFile(vendor, 'claim');
  const entries = await readLabChain(lab);
  // A claim that somebody removed still stands in the chain.
  if (entries.some(({ files }) => files['claim']?.file === name)) throw twice(vendor);
  try {
    await writeOnce(
      join(lab, name),
      `${canonicalJson({ commitment, vendor, tested, at: now.toISOString() })}\n`,
    );
  } catch (error) {
    if (error instanceof TidewaiterError && error.code === 'E_OUTPUT_EXISTS') throw twice(vendor);
    throw error;
  }
  await chainFile(lab, 'claim', name, key, now);
}

/** Keeps a file of a submission and adds it to the chain. */
export async function keepFile(
  lab: string,
  {
    vendor,
    what,
    text,
    key,
    now,
  }: {
    readonly vendor: string;
    readonly what: 'answers' | 'report';
    readonly text: string;
    readonly key: SigningKey;
    readonly now: Date;
  },
): Promise<void> {
  const name = submissionFile(vendor, what);
  await writeOnce(join(lab, name), text);
  await chainFile(lab, what, name, key, now);
}

/**
 * All lines of the lab's chain.
 * @throws TidewaiterError `E_ACCEPT_SEAL` naming the first line or file that is not what was written.
 */
export async function readLabChain(lab: string): Promise<ChainEntry[]> {
  const bytes = await readFile(join(lab, labFiles.chain)).catch(() => Buffer.alloc(0));
  const { lines, sound } = checkChain(bytes);
  const bad = lines.find(({ problem }) => problem !== undefined);
  if (!sound || bad !== undefined)
    throw broken(`line ${bad?.number ?? lines.length} of ${labFiles.chain} was changed`);
  const entries = lines.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  for (const { file, sha256: expected } of entries.flatMap(({ files }) => Object.values(files))) {
    const content = await readFile(join(lab, file)).catch(() => undefined);
    if (content === undefined && file.endsWith('.claim.json')) continue;
    if (content === undefined || sha256(content) !== expected) throw broken(`${file} was changed or removed`);
  }
  return entries;
}

/**
 * One run at a time in a lab; a lock of a process that died is taken over.
 * @throws TidewaiterError `E_ACCEPT_BUSY`.
 */
export async function withLock<T>(lab: string, work: () => Promise<T>): Promise<T> {
  const path = join(lab, labFiles.lock);
  const holder = Number(await readFile(path, 'utf8').catch(() => ''));
  if (holder > 0 && !alive(holder)) await rm(path, { force: true });
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    throw new TidewaiterError('E_ACCEPT_BUSY', `Another run uses the lab ${lab}`, 'Wait until it is done.', {
      cause: error,
    });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

async function chainFile(lab: string, role: string, file: string, key: SigningKey, now: Date): Promise<void> {
  const entries = await readLabChain(lab);
  const last = entries.at(-1);
  const tip = last === undefined ? undefined : { index: last.index, line: canonicalJson(last) };
  const content = await readFile(join(lab, file));
  const handle = await open(join(lab, labFiles.chain), 'a');
  try {
    await handle.writeFile(
      `${nextLine(tip, { [role]: { file, sha256: sha256(content) } }, key, now.toISOString())}\n`,
    );
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeOnce(path: string, text: string, mode = 0o644): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode, flush: true });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    throw new TidewaiterError(
      'E_OUTPUT_EXISTS',
      `${path} is there already`,
      'Choose another folder for the lab.',
      { cause: error },
    );
  }
}

/** @throws TidewaiterError `E_NOT_FOUND`. */
export async function labText(lab: string, name: string): Promise<string> {
  if ((await stat(join(lab, name)).catch(() => undefined)) === undefined)
    throw new TidewaiterError(
      'E_NOT_FOUND',
      `There is no ${name} in ${lab}`,
      'Give the folder of a lab that was made with seal.',
    );
  return readFile(join(lab, name), 'utf8');
}

function twice(vendor: string): TidewaiterError {
  return new TidewaiterError(
    'E_ACCEPT_TWICE',
    `The key ${vendor.slice(0, 16)} had its one submission for this set`,
    'Seal a new set for another test.',
  );
}

function broken(message: string): TidewaiterError {
  return new TidewaiterError(
    'E_ACCEPT_SEAL',
    message,
    'Nothing of this lab counts until it is known why; seal a new set.',
  );
}
