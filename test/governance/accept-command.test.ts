import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fixedModel } from '../../material/onnx.ts';
import { generateSigningKeyPem, parseSigningKey, publicKeyPem } from '../../src/core/signing-key.ts';
import { projectRoot } from '../needs.ts';
import { userModelDir } from '../user-model.ts';
import { detectionPlan, ITEMS, sealedLab } from './acceptance-lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-accept-words-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

/** The command as a person gives it, in the folder. */
function governance(...words: string[]): { code: number | null; out: string; err: string } {
  const bin = join(projectRoot, 'bin', 'tidewaiter.js');
  const run = spawnSync(process.execPath, [bin, 'governance', ...words], { cwd: folder, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** Writes both halves of a new key: `NAME.pem`, `NAME-public.pem`. */
function writeKey(name: string): void {
  const pem = generateSigningKeyPem();
  writeFileSync(at(`${name}.pem`), pem);
  writeFileSync(at(`${name}-public.pem`), publicKeyPem(parseSigningKey(pem, name).publicKey));
}
for (const name of ['lab', 'vendor', 'stranger']) writeKey(name);

describe('tidewaiter governance model and accept', () => {
  test('scan, sign, seal, submit and report go from a model to a verdict that anybody computes again', async (t) => {
    const { set } = await sealedLab(t);
    // It says the same of every picture: the box of the sixth.
    const data = [2 * (4 + 15 + 8), 2 * (30 + 6), 32, 24, 0.9];
    const onnx = fixedModel({ name: 'image', dims: [1, 3, 128, 128] }, [
      { name: 'output0', dims: [1, 5, 1], data },
    ]);
    const card = {
      family: 'yolo-v8',
      input: { width: 128, height: 128, fit: 'letterbox' },
      outputs: { predictions: 'output0' },
      classes: ['badge'],
    } as const;
    const model = join(await userModelDir(t, [{ card, onnx }]), 'model0.onnx');

    const scanned = governance('model', 'scan', model);
    assert.equal(scanned.code, 0, scanned.err);
    assert.match(scanned.out, /^model0\.onnx: onnx\n {2}[0-9a-f]{64}\n {2}\d+ nodes/);
    writeFileSync(at('trap.pkl'), 'cos\nsystem\n(S"true"\ntR.');
    const trap = governance('model', 'scan', 'trap.pkl');
    assert.equal(trap.code, 1, trap.err);
    assert.match(trap.out, /trap\.pkl: .*REFUSED/);

    const signed = governance('model', 'sign', model, '--key', 'vendor.pem');
    assert.equal(signed.code, 0, signed.err);
    assert.match(signed.out, /model0\.onnx\.sig\n[^]*model0\.card\.json/);
    assert.match(governance('model', 'sign', model, '--key', 'vendor.pem').err, /E_OUTPUT_EXISTS/);
    assert.equal(governance('model', 'verify', model, '--key', 'vendor-public.pem').code, 0);
    const other = governance('model', 'verify', model, '--key', 'stranger-public.pem');
    assert.notEqual(other.code, 0);

    const goals = [{ measure: 'recall', atMost: 0.6 }];
    writeFileSync(at('plan.yaml'), JSON.stringify({ ...detectionPlan, limits: { itemSeconds: 20 }, goals }));
    writeFileSync(at('odd.yaml'), 'schema: 1\n');
    assert.match(
      governance('accept', 'seal', set, 'x', '--plan', 'odd.yaml', '--key', 'lab.pem').err,
      /E_ACCEPT_PLAN/,
    );
    // A picture that cannot be read would end the only run that a vendor has.
    cpSync(set, at('torn'), { recursive: true });
    const picture = readdirSync(at('torn')).find((name) => name !== 'set.json')!;
    truncateSync(join(at('torn'), picture), statSync(join(at('torn'), picture)).size / 2);
    const torn = governance('accept', 'seal', 'torn', 'x', '--plan', 'plan.yaml', '--key', 'lab.pem');
    assert.match(torn.err, new RegExp(`E_ACCEPT_SET: ${picture} of the set is no picture`));
    assert.ok(!readdirSync(folder).includes('x'));
    const key = ['--key', 'lab.pem', '--admit', 'vendor-public.pem'];
    const sealed = governance('accept', 'seal', set, 'lab', '--plan', 'plan.yaml', ...key);
    assert.equal(sealed.code, 0, sealed.err);
    assert.match(sealed.out, new RegExp(`Sealed boxes: ${ITEMS} items\\n {2}commitment {2}[0-9a-f]{64}`));

    const submit = ['accept', 'submit', 'lab', '--lab-key', 'lab.pem'];
    const vendor = ['--key', 'vendor-public.pem'];
    assert.match(governance(...submit, ...vendor).err, /E_OPTION: .*not clear/);
    assert.match(
      governance(...submit, '--model', model, '--key', 'stranger-public.pem').err,
      /E_ACCEPT_ADMITTED|E_MODEL_SIGNATURE/,
    );
    const tested = governance(...submit, '--model', model, ...vendor);
    assert.equal(tested.code, 0, tested.err + tested.out);
    assert.match(
      tested.out,
      /^model0\.onnx: passed \(simulated set\)\n[^]*recall[^]*goal recall at most 0\.6: passed/,
    );
    assert.match(governance(...submit, '--model', model, ...vendor).err, /E_ACCEPT_TWICE/);

    const report = governance('accept', 'report', 'lab', '--key', 'lab-public.pem', '-o', 'reports');
    assert.equal(report.code, 0, report.out + report.err);
    assert.match(report.out, /Every figure follows from what was kept\.\n$/);
    const [pdf] = readdirSync(at('reports'));
    assert.match(pdf ?? '', /^[0-9a-f]{64}\.pdf$/);
    assert.equal(
      readFileSync(join(at('reports'), pdf!))
        .subarray(0, 5)
        .toString(),
      '%PDF-',
    );
    const stranger = governance('accept', 'report', 'lab', '--key', 'stranger-public.pem');
    assert.equal(stranger.code, 1);
    assert.match(stranger.out, /PROBLEM: .*not signed with the key/);
  });
});
