import { createHash, type KeyObject } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256, sha256File } from '../../core/digest.ts';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { publicKeyPem, signBytes, verifyText, type SigningKey } from '../../core/signing-key.ts';
import { modelFiles, type ModelFile } from './scan.ts';

/**
 * Detached signatures of models in the form of OpenSSF Model Signing 1.0 (github.com/ossf/model-signing-spec): a Sigstore
 * bundle 0.3 around a DSSE envelope around an in-toto statement that names every file with its SHA-256. Which parts are
 * followed stands in docs/model-entry.md.
 */

const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const payloadType = 'application/vnd.in-toto+json';
const predicateType = 'https://model_signing/signature/v1.0';
const statementType = 'https://in-toto.io/Statement/v1';
/** Left out by the standard, at the top of the folder. */
const ignored = ['.git', '.gitattributes', '.github', '.gitignore'];
const LARGEST_BUNDLE = 16 * 2 ** 20;

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const bundleSchema = z.object({
  mediaType: z.literal(mediaType),
  verificationMaterial: z.object({ publicKey: z.object({ hint: z.string().optional() }) }),
  dsseEnvelope: z.object({
    payload: z.base64(),
    payloadType: z.literal(payloadType),
    signatures: z.array(z.object({ sig: z.base64() })).length(1),
  }),
});
const statementSchema = z.object({
  _type: z.literal(statementType),
  subject: z.array(z.object({ name: z.string().min(1), digest: z.object({ sha256: hex }) })).length(1),
  predicateType: z.literal(predicateType),
  predicate: z.object({
    resources: z
      .array(z.object({ name: z.string().min(1), digest: hex, algorithm: z.literal('sha256') }))
      .min(1),
    serialization: z.object({
      method: z.literal('files'),
      hash_type: z.literal('sha256'),
      allow_symlinks: z.literal(false),
      ignore_paths: z.array(z.string()).optional(),
    }),
  }),
});
export type ModelBundle = z.infer<typeof bundleSchema>;
type Resource = z.infer<typeof statementSchema>['predicate']['resources'][number];

/** Name of the bundle beside the files of a folder; a single file has `NAME.sig` beside it. */
export const folderSignature = 'model.sig';

/** Where the signature of a model is looked for. */
export function signaturePath(model: string, isFolder: boolean): string {
  return isFolder ? resolve(model, folderSignature) : `${resolve(model)}.sig`;
}

/** Where the card of an ONNX file lies: it says what the model is shown and how its answers are read. */
export function cardPath(model: string): string {
  return model.replace(/\.onnx$/, '.card.json');
}

/**
 * Signs every file of a model: all of a folder, or an ONNX file with the card beside it.
 * @param signature where the bundle will lie: never part of what is signed.
 * @throws TidewaiterError `E_NOT_FOUND`, `E_MODEL_SIGNATURE` for a model that holds links or nothing.
 */
export async function signModel(
  path: string,
  { privateKey, publicKey }: SigningKey,
  signature: string,
): Promise<ModelBundle> {
  const { resources, links } = await resourcesOf(path, signature);
  const [link] = links;
  if (link !== undefined) throw refused(`${link} is no plain file`, 'Put a copy of the file in its place.');
  if (resources.length === 0) throw refused(`${path} holds no file`, 'Give the file or folder of a model.');
  const statement = {
    _type: statementType,
    subject: [{ name: basename(resolve(path)), digest: { sha256: rootDigest(resources) } }],
    predicateType,
    predicate: {
      resources,
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ignored },
    },
  };
  const payload = Buffer.from(canonicalJson(statement));
  const sig = signBytes(preAuthentication(payload), privateKey).toString('base64');
  return {
    mediaType,
    verificationMaterial: { publicKey: { hint: sha256(publicKeyPem(publicKey)) } },
    dsseEnvelope: { payload: payload.toString('base64'), payloadType, signatures: [{ sig }] },
  };
}

/** Names of the files that a signature covers. */
export function signedNames({ dsseEnvelope }: ModelBundle): string[] {
  const payload = Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8');
  return statementSchema.parse(JSON.parse(payload)).predicate.resources.map(({ name }) => name);
}

/** What came of a check. */
export interface ModelCheck {
  /** One digest of the whole model: SHA-256 over the digests of its files. */
  readonly root: string;
  /** What differs, a sentence each: empty when all is as it was signed. */
  readonly problems: readonly string[];
}

/**
 * Checks that a model is, file by file and byte by byte, what the holder of the key signed.
 * @throws TidewaiterError `E_NOT_FOUND`, `E_MODEL_SIGNATURE` when there is no signature, or what is there is none that is
 *   read here.
 */
export async function verifyModel(
  path: string,
  publicKey: KeyObject,
  signature: string,
): Promise<ModelCheck> {
  const { dsseEnvelope } = parse(bundleSchema, await readBundle(signature), signature);
  const payload = Buffer.from(dsseEnvelope.payload, 'base64');
  const [{ sig } = { sig: '' }] = dsseEnvelope.signatures;
  // Nothing of the payload is looked at before its signature holds.
  if (!verifyText(preAuthentication(payload), publicKey, sig))
    return { root: '', problems: [`${basename(signature)} is not signed with this key, or was changed`] };
  const { predicate, subject } = parse(statementSchema, payload.toString('utf8'), signature);
  const { resources, links } = await resourcesOf(path, signature, predicate.serialization.ignore_paths);
  const root = rootDigest(resources);
  const problems = [
    ...links.map((link) => `${link} is no plain file`),
    ...differences(predicate.resources, resources),
  ];
  if (problems.length === 0 && subject[0]?.digest.sha256 !== root)
    problems.push('the digest of the whole differs');
  return { root, problems };
}

function differences(signed: readonly Resource[], found: readonly Resource[]): string[] {
  // Some tools write `.` for a model of one file. The file itself comes last, behind its card.
  const only = found.at(-1);
  const named =
    signed.length === 1 && signed[0]?.name === '.' && only !== undefined
      ? [{ ...signed[0], name: only.name }]
      : signed;
  const here = new Map(found.map(({ name, digest }) => [name, digest]));
  const known = new Set(named.map(({ name }) => name));
  return [
    ...(known.size < named.length ? ['a file is named twice in the signature'] : []),
    ...named.flatMap(({ name, digest }) => {
      const now = here.get(name);
      if (now === undefined) return [`${name} is missing`];
      return now === digest ? [] : [`${name} was changed`];
    }),
    ...found.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} was not signed`),
  ];
}

async function resourcesOf(
  path: string,
  signature: string,
  ignore: readonly string[] = [],
): Promise<{ readonly resources: Resource[]; readonly links: string[] }> {
  const left = [...ignored, ...ignore];
  const files = [...(await cardBeside(path)), ...(await modelFiles(path))].filter(
    ({ file, name }) =>
      resolve(file) !== resolve(signature) &&
      !left.some((entry) => name === entry || name.startsWith(`${entry}/`)),
  );
  const resources: Resource[] = [];
  for (const { file, name } of files.filter(({ kind }) => kind === 'file'))
    resources.push({ name, digest: await sha256File(file), algorithm: 'sha256' });
  return { resources, links: files.filter(({ kind }) => kind === 'other').map(({ name }) => name) };
}

/** Nothing for a folder, which holds its cards, and for a file without a card. */
async function cardBeside(path: string): Promise<ModelFile[]> {
  const card = cardPath(path);
  if (card === path || (await lstat(path).catch(() => undefined))?.isFile() !== true) return [];
  return (await lstat(card).catch(() => undefined)) === undefined ? [] : modelFiles(card);
}

function rootDigest(resources: readonly Resource[]): string {
  const hash = createHash('sha256');
  for (const { digest } of resources) hash.update(Buffer.from(digest, 'hex'));
  return hash.digest('hex');
}

/** What DSSE signs (github.com/secure-systems-lab/dsse, protocol.md): type and payload with their lengths. */
function preAuthentication(payload: Buffer): Buffer {
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

async function readBundle(path: string): Promise<string> {
  const text = await readFile(path).catch((error: unknown) => {
    if (systemCode(error) === undefined) throw error;
    throw refused(`There is no signature ${path}`, 'Ask whoever made the model for it, or sign it yourself.');
  });
  if (text.length > LARGEST_BUNDLE)
    throw refused(`${path} is too large for a signature`, 'Ask for a new one.');
  return text.toString('utf8');
}

function parse<T>(schema: z.ZodType<T>, text: string, path: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new TidewaiterError(
      'E_MODEL_SIGNATURE',
      `${path} is no signature of a model that is read here`,
      'Ask for one in the form that docs/model-entry.md describes.',
      { cause: error },
    );
  }
}

function refused(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_MODEL_SIGNATURE', message, remedy);
}
