import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import sharp from 'sharp';
import {
  generateSigningKeyPem,
  parseSigningKey,
  publicKeyPem,
  type SigningKey,
} from '../../src/core/signing-key.ts';
import { planSchema, type AcceptancePlan } from '../../src/governance/acceptance/plan.ts';
import { seal } from '../../src/governance/acceptance/lab.ts';
import { submit } from '../../src/governance/acceptance/submit.ts';
import type { ReportClaims } from '../../src/governance/acceptance/signed.ts';
import { folderSignature, signModel } from '../../src/models/scan/model-signature.ts';

/**
 * Gives a test file a temporary folder of its own: runs of other files beside it leave and take away what is theirs.
 * @returns what runs of this file have left behind so far.
 */
export function ownTemporaryFolder(): () => string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-accepting-'));
  process.env['TMPDIR'] = folder;
  after(() => rmSync(folder, { recursive: true, force: true }));
  return () => readdirSync(folder).filter((name) => name.startsWith('tidewaiter-accept-'));
}

/** Pictures of the set: each with one box of brightness 255 on black, whose place the file name would give away. */
export const ITEMS = 12;

export interface TestLab {
  readonly dir: string;
  readonly set: string;
  readonly lab: string;
  readonly key: SigningKey;
  readonly publicKey: string;
}

export function newKey(): SigningKey {
  return parseSigningKey(generateSigningKeyPem(), 'a key');
}

export const detectionPlan = {
  ...{ schema: 1, use: 'lanes', kind: 'detection', threshold: 0.5, sample: { truths: 10 }, simulated: true },
  goals: [
    { measure: 'recall', atLeast: 0.7 },
    { measure: 'precision', atLeast: 0.7 },
  ],
};

/** A sealed set of pictures, in folders that go after the test. */
export async function sealedLab(
  t: TestContext,
  more: object = {},
  admitted: readonly string[] | null = null,
): Promise<TestLab> {
  const dir = await mkdtemp(join(tmpdir(), 'tidewaiter-lab-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const [set, lab, key] = [join(dir, 'set'), join(dir, 'lab'), newKey()];
  await mkdir(set);
  const items = [];
  for (let index = 0; index < ITEMS; index++) {
    const [left, top] = [4 + 3 * index, 40 - 2 * index];
    const box = await sharp({ create: { width: 16, height: 12, channels: 3, background: 'white' } })
      .png()
      .toBuffer();
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'black' } })
      .composite([{ input: box, left, top }])
      .withExif({ IFD0: { ImageDescription: `secret ${left} ${top}` } })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toFile(join(set, `face-at-${left}-${top}.jpg`));
    items.push({ file: `face-at-${left}-${top}.jpg`, truth: [{ class: 'badge', box: [left, top, 16, 12] }] });
  }
  await writeFile(
    join(set, 'set.json'),
    JSON.stringify({ schema: 1, name: 'boxes', kind: 'detection', items }),
  );
  const plan: AcceptancePlan = planSchema.parse({ ...detectionPlan, ...more });
  await seal({ setFolder: set, lab, plan, key, admitted, now: new Date() });
  return { dir, set, lab, key, publicKey: publicKeyPem(key.publicKey) };
}

/** A vendor's program: `answer` is JavaScript with `item` (the question) and `say`; sharp is at hand. */
export async function vendorFiles(dir: string, answer: string, key: SigningKey, begin = ''): Promise<string> {
  const files = await mkdtemp(join(dir, 'vendor-'));
  const program = `
import { createInterface } from 'node:readline';
import * as fs from 'node:fs';
import { spawn, execSync } from 'node:child_process';
import net from 'node:net';
const sharp = (await import(${JSON.stringify(import.meta.resolve('sharp'))})).default;
const say = (message) => process.stdout.write(typeof message === 'string' ? message : JSON.stringify(message) + '\\n');
async function find(item) {
  const { data, info } = await sharp(Buffer.from(item.data, 'base64')).greyscale().raw().toBuffer({ resolveWithObject: true });
  let [l, t, r, b] = [1e9, 1e9, -1, -1];
  for (let y = 0; y < info.height; y++) for (let x = 0; x < info.width; x++)
    if (data[y * info.width + x] > 127) { l = Math.min(l, x); t = Math.min(t, y); r = Math.max(r, x + 1); b = Math.max(b, y + 1); }
  return { class: 'badge', score: 0.9, box: [l, t, r - l, b - t] };
}
let count = 0;
${begin}
for await (const line of createInterface({ input: process.stdin })) {
  const item = JSON.parse(line);
  if (item.type === 'end') break;
  if (item.type === 'start') { say({ type: 'ready' }); continue; }
  count++;
  ${answer}
}
`;
  await writeFile(join(files, 'run.mjs'), program);
  const signature = join(files, folderSignature);
  await writeFile(signature, JSON.stringify(await signModel(files, key, signature)));
  return files;
}

/** Answers that are right. */
export const honest = "say({ type: 'answer', id: item.id, detections: [await find(item)] });";

export async function submitProcess(
  { dir, lab, key }: TestLab,
  answer: string,
  { vendor = newKey(), begin = '' }: { readonly vendor?: SigningKey; readonly begin?: string } = {},
): Promise<ReportClaims> {
  const files = await vendorFiles(dir, answer, vendor, begin);
  const { claims } = await submit({
    ...{ lab, vendorKey: vendor.publicKey, labKey: key, allowUnconfined: false, now: () => new Date() },
    submitted: { kind: 'process', path: files, command: [process.execPath, 'run.mjs'] },
    ...{ signal: new AbortController().signal, onItem: () => undefined },
  });
  return claims;
}
