import type { KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { systemCode } from '../../../core/errors.ts';
import { keyFingerprint, parseVerifyKey, publicKeyPem, verifyBytes } from '../../../core/signing-key.ts';
import { evidenceError } from './errors.ts';
import { verifyLedger, type LedgerFinding } from './ledger.ts';
import { aboutSchema, names, type AboutPackage } from './parts.ts';
import { readZip, type FoundArchive, type FoundEntry } from './zip-read.ts';

/** What a package was found to be. */
export interface VerifiedEvidence {
  /** Nothing was changed since it was signed, by the expected key if one was given. */
  readonly intact: boolean;
  /** What is not as it was signed, each naming the file it is about. */
  readonly problems: readonly string[];
  /** Fingerprint of the key that signed it; absent when no known key did. */
  readonly signedBy?: string;
  /** What it says it is about; believe it only when it is intact. */
  readonly about?: AboutPackage;
  readonly files: number;
  readonly ledger?: LedgerFinding;
}

/**
 * Checks a package with nothing but its file: every byte of it, its signature, and the proofs of the ledger.
 * @param key that must have signed. Without one the key in the package is believed: that shows whether something was changed since
 *   it was signed, and not who signed.
 * @throws TidewaiterError `E_EVIDENCE` when the file cannot be read or is no package at all.
 */
export async function verifyEvidence(file: string, key?: KeyObject): Promise<VerifiedEvidence> {
  const archive = await readArchive(file);
  const found = new Map(archive.entries.map((entry) => [entry.name, entry]));
  const signature = checkSignature(found, key);
  const contents = checkContents(found);
  const about = readAbout(found.get(names.about));
  const ledger =
    about === undefined ? undefined : verifyLedger(found.get(names.ledger)?.content, about.subjects);
  const problems = [
    ...contents,
    ...archive.problems,
    ...signature.problems,
    ...(about === undefined ? [`${names.about} is not what a package has`] : []),
    ...(about === undefined ? [] : checkClip(about, found.get(names.clip))),
    ...(ledger?.problems ?? []),
  ];
  return {
    intact: problems.length === 0,
    problems,
    files: found.size,
    ...(signature.signedBy === undefined ? {} : { signedBy: signature.signedBy }),
    ...(about === undefined ? {} : { about }),
    ...(ledger === undefined ? {} : { ledger }),
  };
}

async function readArchive(file: string): Promise<FoundArchive> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw evidenceError(
      `${file} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Check its name.',
    );
  });
  try {
    if (!(await handle.stat()).isFile())
      throw evidenceError(`${file} is not a file`, 'Give the file of an evidence package.');
    return await readZip(handle);
  } finally {
    await handle.close();
  }
}

type Found = ReadonlyMap<string, FoundEntry>;

/** That the files are those of the list: all of them, unchanged, and no other. */
function checkContents(found: Found): string[] {
  const list = found.get(names.sums)?.content?.toString('latin1');
  if (list === undefined) return [`${names.sums} is missing`];
  const problems: string[] = [];
  const listed = new Set<string>([names.sums, names.signature]);
  for (const line of list.split('\n').slice(0, -1)) {
    const [, digest, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (digest === undefined || name === undefined) {
      problems.push(`${names.sums} was changed`);
      continue;
    }
    listed.add(name);
    const entry = found.get(name);
    if (entry === undefined) problems.push(`${name} is missing`);
    else if (entry.sha256 !== digest) problems.push(`${name} was changed`);
  }
  for (const name of found.keys()) if (!listed.has(name)) problems.push(`${name} was added`);
  return problems;
}

function checkSignature(
  found: Found,
  expected: KeyObject | undefined,
): { readonly problems: readonly string[]; readonly signedBy?: string } {
  const [list, signature] = [found.get(names.sums)?.content, found.get(names.signature)?.content];
  if (list === undefined || signature === undefined) return { problems: [`${names.signature} is missing`] };
  const own = ownKey(found.get(names.key)?.content);
  if (expected !== undefined && verifyBytes(list, expected, signature))
    return { problems: [], signedBy: keyFingerprint(expected) };
  if (own === undefined || !verifyBytes(list, own, signature))
    return {
      problems: [`${names.sums}, ${names.signature} or ${names.key} was changed: the signature does not fit`],
    };
  const signedBy = keyFingerprint(own);
  if (expected === undefined) return { problems: [], signedBy };
  const wrong = `${names.signature} was made with another key: ${signedBy}, and not ${keyFingerprint(expected)}`;
  return { problems: [wrong], signedBy };
}

function ownKey(pem: Buffer | undefined): KeyObject | undefined {
  try {
    const key = parseVerifyKey(pem?.toString('latin1') ?? '', names.key);
    return publicKeyPem(key) === pem?.toString('latin1') ? key : undefined;
  } catch {
    return undefined;
  }
}

function readAbout(entry: FoundEntry | undefined): AboutPackage | undefined {
  try {
    return aboutSchema.safeParse(JSON.parse(entry?.content?.toString() ?? '')).data;
  } catch {
    return undefined;
  }
}

/** That the clip is the one of which the digest was noted when it was recorded. */
function checkClip({ clip }: AboutPackage, found: FoundEntry | undefined): string[] {
  const recorded = 'absent' in clip ? undefined : clip.sha256;
  if (recorded === found?.sha256) return [];
  return [`${names.clip} is not what ${names.about} says was recorded`];
}
