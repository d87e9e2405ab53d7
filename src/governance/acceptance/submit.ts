import { cp, mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256, sha256File } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { keyFingerprint, type SigningKey } from '../../core/signing-key.ts';
import { version } from '../../core/version.ts';
import { admitModel } from '../../models/scan/entry.ts';
import { cardPath, signaturePath, verifyModel } from '../../models/scan/model-signature.ts';
import type { Answer } from './answers.ts';
import { runBlind } from './blind-run.ts';
import { canConfine, type Confinement } from './confine.ts';
import { claimSubmission, keepFile, labFiles, labText, openSeal, withLock, type SealedSet } from './lab.ts';
import { judge, measure, overall } from './measures.ts';
import { opaqueId } from './set.ts';
import { signClaims } from '../signed-claims.ts';
import type { ReportClaims, SignedReport } from './signed.ts';

/** What a vendor hands in: an ONNX file with its card beside it, or the files of a process and how it is started in them. */
export type Submitted =
  | { readonly kind: 'model'; readonly path: string }
  | { readonly kind: 'process'; readonly path: string; readonly command: readonly string[] };

export interface SubmitOptions {
  readonly lab: string;
  readonly submitted: Submitted;
  /** Public key of the vendor, who signed what is handed in. */
  readonly vendorKey: KeyObject;
  readonly labKey: SigningKey;
  /** Runs the process without namespaces where the machine has none. */
  readonly allowUnconfined: boolean;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly onItem: (done: number, of: number) => void;
}

/**
 * Tests what a vendor handed in, once, blind, on the sealed set, and signs what came out. A process that breaks the rules fails;
 * what is wrong before the run, such as a signature, does not cost the vendor its submission.
 * @throws TidewaiterError `E_ACCEPT_SEAL`, `E_ACCEPT_TWICE`, `E_ACCEPT_ADMITTED`, `E_ACCEPT_CONFINE`, `E_ACCEPT_BUSY`,
 *   `E_ACCEPT_KIND`, `E_MODEL_CARD`, `E_MODEL_SCAN`, `E_MODEL_SIGNATURE`, `E_NOT_FOUND`.
 */
export async function submit(options: SubmitOptions): Promise<SignedReport> {
  const { lab, submitted, vendorKey, labKey, now } = options;
  await labText(lab, labFiles.commitment);
  return withLock(lab, async () => {
    const sealed = await openSeal(lab);
    if (keyFingerprint(labKey.publicKey) !== fingerprintOf(sealed))
      throw new TidewaiterError(
        'E_ACCEPT_SEAL',
        'The set was sealed with another key of a lab',
        'Give the key that sealed it.',
      );
    const confinement = await confinementOf(options.allowUnconfined);
    if (submitted.kind === 'model' && sealed.set.kind === 'comparison')
      throw new TidewaiterError(
        'E_ACCEPT_KIND',
        'The set is for comparisons, and the families of model files find things in one picture',
        'Hand in a process that compares: --process COMMAND with --files FOLDER.',
      );
    const tested = await admit(submitted, vendorKey);
    const vendor = keyFingerprint(vendorKey);
    const startedAt = now().toISOString();
    await claimSubmission(lab, { vendor, tested: tested.digest, key: labKey, now: now() }, sealed.commitment);
    const run = await runBlind({
      ...{ set: sealed.set, setFolder: sealed.folder, salt: sealed.salt, vendor, confinement },
      plan: sealed.commitment.claims.plan,
      ...{ command: commandOf(submitted), prepare: (folder) => prepare(submitted, folder) },
      ...{ hidden: [lab], signal: options.signal, onItem: options.onItem },
    });
    const text = `${canonicalJson({ format: 'tidewaiter-acceptance-answers-1', answers: run.answers })}\n`;
    await keepFile(lab, { vendor, what: 'answers', text, key: labKey, now: now() });
    const claims: ReportClaims = {
      format: 'tidewaiter-acceptance-1',
      tool: { name: 'tidewaiter', version },
      ...{ startedAt, madeAt: now().toISOString(), set: sealed.commitment.claims },
      submission: { vendor, kind: submitted.kind, name: basename(submitted.path), ...tested },
      confinement,
      ...figures(sealed, vendor, run, sha256(text)),
    };
    const report = signClaims(claims, labKey);
    await keepFile(lab, {
      vendor,
      what: 'report',
      text: `${canonicalJson(report)}\n`,
      key: labKey,
      now: now(),
    });
    return report;
  });
}

/** What of a report follows from the answers, the set and the plan alone. */
export type Figures = Pick<ReportClaims, 'answered' | 'fault' | 'answers' | 'measures' | 'goals' | 'verdict'>;

export function figures(
  { set, salt, commitment: { claims } }: SealedSet,
  vendor: string,
  {
    answers,
    fault,
  }: { readonly answers: readonly Answer[]; readonly fault?: ReportClaims['fault'] | undefined },
  digest: string,
): Figures {
  const by = new Map(answers.map((answer) => [answer.id, answer]));
  const ordered = set.items.map((_, item): Answer => {
    const id = opaqueId(salt, vendor, item);
    return by.get(id) ?? { id, detections: [] };
  });
  const base = { answered: answers.length, answers: digest };
  // Figures of a run that broke off would look like those of a whole one.
  if (fault !== undefined && fault !== null)
    return { ...base, fault, measures: [], goals: [], verdict: 'failed' };
  const measures = measure(set, ordered, claims.plan);
  const goals = judge(claims.plan, measures, set);
  const verdict = overall(goals.map((goal) => goal.verdict));
  return { ...base, fault: null, measures, goals, verdict };
}

async function confinementOf(allowUnconfined: boolean): Promise<Confinement> {
  if (await canConfine()) return 'namespaces';
  if (allowUnconfined) return 'none';
  throw new TidewaiterError(
    'E_ACCEPT_CONFINE',
    "This machine gives no namespaces, so the vendor's process could read the truth and reach the network",
    'Use a machine that does (Linux with unprivileged user namespaces), or accept that with --unconfined.',
  );
}

/** @returns the digest under which permits know what was handed in, and that of a model's card. */
async function admit(
  submitted: Submitted,
  key: KeyObject,
): Promise<{ readonly digest: string; readonly card?: string }> {
  if (submitted.kind === 'model') {
    await admitModel(submitted.path, key);
    const card = cardPath(submitted.path);
    if ((await stat(card).catch(() => undefined)) === undefined)
      throw new TidewaiterError(
        'E_MODEL_CARD',
        `${card} is missing: without a card nobody knows what the model is shown`,
        'Ask the vendor for the card of the model.',
      );
    return { digest: await sha256File(submitted.path), card: await sha256File(card) };
  }
  if (!(await stat(submitted.path).catch(() => undefined))?.isDirectory())
    throw new TidewaiterError(
      'E_NOT_FOUND',
      `There is no folder ${submitted.path}`,
      'Give the folder with the files of the process.',
    );
  const { root, problems } = await verifyModel(submitted.path, key, signaturePath(submitted.path, true));
  if (problems.length === 0) return { digest: root };
  throw new TidewaiterError(
    'E_MODEL_SIGNATURE',
    `${submitted.path} is not what was signed: ${problems.join('; ')}`,
    'Ask the vendor for it again.',
  );
}

function commandOf(submitted: Submitted): readonly string[] {
  if (submitted.kind === 'process') return submitted.command;
  // In the package every module is .js.
  const own = fileURLToPath(new URL('./onnx-vendor.ts', import.meta.url));
  return [process.execPath, import.meta.url.endsWith('.js') ? own.replace(/\.ts$/, '.js') : own];
}

async function prepare(submitted: Submitted, folder: string): Promise<void> {
  if (submitted.kind === 'process') {
    await cp(submitted.path, folder, { recursive: true });
    return;
  }
  await mkdir(join(folder, 'models'));
  for (const file of [submitted.path, cardPath(submitted.path)])
    await cp(file, join(folder, 'models', basename(file)));
}

function fingerprintOf({ commitment }: SealedSet): string {
  return sha256(Buffer.from(commitment.publicKey, 'base64'));
}
