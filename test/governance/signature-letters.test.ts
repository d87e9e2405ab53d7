import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { checkChain, nextLine } from '../../src/core/chain.ts';
import { signPermit, verifySigned } from '../../src/core/permit.ts';
import { generateSigningKeyPem, parseSigningKey, type KeyKind } from '../../src/core/signing-key.ts';
import { openCheckpoint, signCheckpoint } from '../../src/governance/log/checkpoint.ts';
import { readToken, signClaims as signCapture, writeToken } from '../../src/governance/redress/token.ts';
import { holds, signClaims } from '../../src/governance/signed-claims.ts';
import { signModel, signaturePath, verifyModel } from '../../src/models/scan/model-signature.ts';
import { isSignedBy, signReport } from '../../src/governance/faces/sign.ts';
import type { FaceTestClaims } from '../../src/governance/faces/schema.ts';

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_='];
const now = new Date('2026-11-22T12:00:00Z');
const digest = 'ab'.repeat(32);

/** What is signed, where its signature stands in it, and whether a reader takes it. */
interface Kept {
  readonly text: string;
  readonly signature: string;
  readonly takes: (text: string) => boolean;
}

/** Whether reading goes well. */
function goes(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

function kinds(kind: KeyKind): Record<string, Kept> {
  const key = parseSigningKey(generateSigningKeyPem(kind), 'a key');
  const { publicKey, privateKey } = key;
  const acceptance = signClaims({ verdict: 'passed' }, key);
  const permit = signPermit(
    {
      ...{ id: 'p', issuer: 'x', use: 'lanes', purpose: 'release', site: 'pier' },
      models: [{ id: 'm', digest, threshold: [0, 1] }],
      ...{ notBefore: '2026-01-01T00:00:00Z', expires: '2126-01-01T00:00:00Z' },
    },
    privateKey,
  );
  const face = signReport({ simulated: true } as FaceTestClaims, key);
  const line = nextLine(undefined, { record: { file: 'a.json', sha256: digest } }, key, now.toISOString());
  const note = signCheckpoint({ origin: 'log', size: 1, root: Buffer.alloc(32), at: now }, key);
  const id = '00000000-0000-4000-8000-000000000000';
  const capture = {
    ...{ id, site: 'pier', lane: '1', use: 'faces', purpose: 'entry', permit: id },
    expires: '2026-11-22T12:00:20.000Z',
  };
  const token = signCapture(capture, privateKey);
  const at = { site: 'pier', lane: '1', keys: [{ publicKey }], now };
  return {
    'a report of acceptance': {
      ...acceptance,
      text: JSON.stringify(acceptance),
      takes: (text) => holds(JSON.parse(text) as typeof acceptance, publicKey),
    },
    'a report of acceptance, without the key of the lab': {
      text: JSON.stringify(acceptance),
      signature: acceptance.publicKey,
      takes: (text) => holds(JSON.parse(text) as typeof acceptance),
    },
    'a permit': {
      text: permit.signature,
      signature: permit.signature,
      takes: (signature) => goes(() => verifySigned({ ...permit, signature }, { publicKey, now })),
    },
    'a report of a face test': {
      text: face.signature ?? '',
      signature: face.signature ?? '',
      takes: (signature) => isSignedBy({ ...face, signature }, publicKey),
    },
    'a line of the chain beside redacted records': {
      text: line,
      signature: (JSON.parse(line) as { signature: string }).signature,
      takes: (text) => checkChain(Buffer.from(`${text}\n`), [publicKey]).sound,
    },
    'a head of the ledger, and what a witness keeps': {
      text: note,
      signature: note.trim().split(' ').at(-1) ?? '',
      takes: (text) => openCheckpoint(text, publicKey) !== undefined,
    },
    'a token of the capture gate': {
      text: writeToken(capture, token),
      signature: token,
      takes: (text) => goes(() => readToken(text, at)),
    },
  };
}

/**
 * The text with one letter of the signature changed: each to every eighth letter, the last eight to all others, since these have
 * bits to spare.
 */
function* changed({ text, signature }: Pick<Kept, 'text' | 'signature'>): Generator<string> {
  const start = text.lastIndexOf(signature);
  const end = start + signature.length;
  for (let at = start; at < end; at++)
    for (const [index, letter] of letters.entries())
      if (text[at] !== letter && (at >= end - 8 || index % 8 === at % 8))
        yield `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
}

for (const kind of ['ed25519', 'p256'] as const)
  describe(`no letter of a signature may be another (${kind})`, () => {
    for (const [what, kept] of Object.entries(kinds(kind)))
      test(what, () => {
        assert.ok(kept.signature.length >= 60);
        assert.ok(kept.takes(kept.text));
        for (const text of changed(kept)) assert.ok(!kept.takes(text), text);
      });
  });

describe('no letter of the signature of a model may be another', () => {
  let folder = '';
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'tw-letters-'))));
  after(() => rm(folder, { recursive: true }));

  test('in its file', async () => {
    const key = parseSigningKey(generateSigningKeyPem(), 'a key');
    const model = join(folder, 'model.onnx');
    await writeFile(model, 'weights');
    await writeFile(join(folder, 'model.card.json'), '{}');
    const path = signaturePath(model, false);
    const bundle = await signModel(model, key, path);
    await writeFile(path, JSON.stringify(bundle));
    const takes = async (): Promise<boolean> => {
      try {
        return (await verifyModel(model, key.publicKey, path)).problems.length === 0;
      } catch {
        return false;
      }
    };
    assert.ok(await takes());
    const signature = bundle.dsseEnvelope.signatures[0]!.sig;
    const text = await readFile(path, 'utf8');
    for (const wrong of changed({ text, signature })) {
      await writeFile(path, wrong);
      assert.ok(!(await takes()), wrong);
    }
  });
});
