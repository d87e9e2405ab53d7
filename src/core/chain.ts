import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { sha256 } from './digest.ts';
import {
  decodePublicKey,
  encodePublicKey,
  keyFingerprint,
  signBytes,
  verifyText,
  type SigningKey,
} from './signing-key.ts';

/**
 * A chain of signed lines that says which files were made, in which order and by whose key. Each line is the canonical
 * JSON of an entry; it holds the SHA-256 of the line before it, and a signature over the canonical JSON of
 * everything in it but the signature. So no line can be changed, moved, removed from the middle or put in between.
 */

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** A file by its name in the chain's folder. */
const chainFileSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .refine((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..', {
      message: 'names of files have no folder',
    }),
  sha256: digestSchema,
});
export type ChainFile = z.infer<typeof chainFileSchema>;

export const chainEntrySchema = z.strictObject({
  /** 0 for the first line. */
  index: z.int().min(0),
  /** SHA-256 of the line before, without its line end; 64 zeros for the first. */
  previous: digestSchema,
  /** What was made, by role: `record`, `output`, `plan`, `csv`, `pdf`. */
  files: z.record(z.string(), chainFileSchema),
  /** UTC, as the clock of the machine said. */
  time: z.iso.datetime(),
  fingerprint: digestSchema,
  /** SubjectPublicKeyInfo (DER), base64. */
  publicKey: z.string().min(1),
  signature: z.string().min(1),
});
export type ChainEntry = z.infer<typeof chainEntrySchema>;

/** `previous` of the first line. */
export const chainStart = '0'.repeat(64);

/** Where a new line goes: after this one. */
export interface ChainTip {
  readonly index: number;
  readonly line: string;
}

/** The line that follows `tip`, without line end. */
export function nextLine(
  tip: ChainTip | undefined,
  files: ChainEntry['files'],
  key: SigningKey,
  time: string,
): string {
  const claims = {
    index: tip === undefined ? 0 : tip.index + 1,
    previous: tip === undefined ? chainStart : sha256(tip.line),
    files,
    time,
    fingerprint: keyFingerprint(key.publicKey),
    publicKey: encodePublicKey(key.publicKey),
  };
  const signature = signBytes(Buffer.from(canonicalJson(claims)), key.privateKey).toString('base64');
  return canonicalJson(chainEntrySchema.parse({ ...claims, signature }));
}

/** The entry in a line, or undefined when it is not exactly what {@link nextLine} writes. */
export function parseLine(line: string): ChainEntry | undefined {
  try {
    const entry = chainEntrySchema.parse(JSON.parse(line));
    const { signature } = entry;
    // Base64 has spare bits: another text of the same signature would be a change that nobody sees.
    const whole = Buffer.from(signature, 'base64').toString('base64') === signature;
    return whole && canonicalJson(entry) === line ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with a line. `signer`: it is sound, but signed by a key that is not among those expected. */
export type LineProblem = 'form' | 'place' | 'link' | 'signature' | 'signer';

/** A line of a chain and what is wrong with it, if anything. */
export interface CheckedLine {
  /** Counted from 1, as editors do. */
  readonly number: number;
  /** Absent when the line cannot be read. */
  readonly entry?: ChainEntry;
  readonly problem?: LineProblem;
}

export interface CheckedChain {
  readonly lines: readonly CheckedLine[];
  /** False when the last line lacks its line end, or the text is not UTF-8. */
  readonly whole: boolean;
  /** True when each line is sound and in its place. */
  readonly sound: boolean;
}

/**
 * Checks a chain from its first line to its last.
 * @param keys signatures must be by one of these; when absent, by the key that the line names, which shows that nothing
 *   was changed since but not who signed.
 */
export function checkChain(bytes: Uint8Array, keys?: readonly KeyObject[]): CheckedChain {
  const text = decode(bytes);
  if (text === undefined) return { lines: [], whole: false, sound: false };
  const parts = text.split('\n');
  const whole = parts.pop() === '' || text === '';
  const trusted = keys?.map(encodePublicKey);
  const lines: CheckedLine[] = [];
  for (const [index, line] of (whole ? parts : text.split('\n')).entries()) {
    lines.push(checkLine(line, index, parts[index - 1], trusted));
  }
  return { lines, whole, sound: whole && lines.every(({ problem }) => problem === undefined) };
}

function checkLine(
  line: string,
  index: number,
  before: string | undefined,
  trusted: readonly string[] | undefined,
): CheckedLine {
  const number = index + 1;
  const entry = parseLine(line);
  if (entry === undefined) return { number, problem: 'form' };
  if (entry.index !== index) return { number, entry, problem: 'place' };
  if (entry.previous !== (before === undefined ? chainStart : sha256(before)))
    return { number, entry, problem: 'link' };
  if (!isSigned(entry)) return { number, entry, problem: 'signature' };
  if (trusted !== undefined && !trusted.includes(entry.publicKey))
    return { number, entry, problem: 'signer' };
  return { number, entry };
}

/** Whether an entry is signed by the key that it names itself. */
export function isSigned({ signature, ...claims }: ChainEntry): boolean {
  const key = decodePublicKey(claims.publicKey);
  return (
    key !== undefined &&
    keyFingerprint(key) === claims.fingerprint &&
    verifyText(Buffer.from(canonicalJson(claims)), key, signature)
  );
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
