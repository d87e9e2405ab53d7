import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, rm, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fixedModel } from '../../material/onnx.ts';
import { sha256 } from '../../src/core/digest.ts';
import { keyFingerprint } from '../../src/core/signing-key.ts';
import { averagePrecision } from '../../src/governance/acceptance/measures.ts';
import { acceptancePdf } from '../../src/governance/acceptance/pdf.ts';
import { canConfine } from '../../src/governance/acceptance/confine.ts';
import { submit } from '../../src/governance/acceptance/submit.ts';
import { signedReport } from '../../src/governance/acceptance/signed.ts';
import { checkLab } from '../../src/governance/acceptance/verify.ts';
import { signModel } from '../../src/models/scan/model-signature.ts';
import { needs } from '../needs.ts';
import { userModelDir } from '../user-model.ts';
import { honest, ITEMS, newKey, ownTemporaryFolder, sealedLab, submitProcess } from './acceptance-lab.ts';

const labRemains = ownTemporaryFolder();
const noConfinement = (await canConfine()) ? false : 'needs user namespaces';

describe('an acceptance test', { skip: noConfinement }, () => {
  test('runs an honest process blind, passes it, and can be computed again from what was kept', async (t) => {
    const lab = await sealedLab(t);
    const vendor = newKey();
    // It would tell if names, metadata, the truth or the network reached it.
    const spy = `
      const text = JSON.stringify(item) + JSON.stringify(process.env);
      const pixels = Buffer.from(item.data, 'base64').toString('latin1');
      if (/face-at|secret|set\\.json/.test(text + pixels)) process.exit(9);
      if (fs.existsSync(${JSON.stringify(join(lab.set, 'set.json'))}) || fs.existsSync(${JSON.stringify(join(lab.lab, 'seal.json'))})) process.exit(10);
      if (Object.keys((await import('node:os')).networkInterfaces()).length > 0) process.exit(11);
      try { execSync('umount ' + ${JSON.stringify(lab.set)}, { stdio: 'ignore' }); process.exit(12); } catch {}
      if (fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length > 3) process.exit(13);
      ${honest}`;
    const claims = await submitProcess(lab, spy, { vendor });
    assert.equal(claims.fault, null);
    assert.deepEqual([claims.verdict, claims.answered, claims.confinement], ['passed', ITEMS, 'namespaces']);
    assert.deepEqual(
      claims.measures.map(({ name, value, n }) => [name, value, n]),
      [
        ['recall', 1, ITEMS],
        ['precision', 1, ITEMS],
        ['average-precision', 1, ITEMS],
      ],
    );
    const [checked] = await checkLab(lab.lab, lab.key.publicKey);
    assert.deepEqual([checked?.vendor, checked?.problems], [keyFingerprint(vendor.publicKey), []]);
    assert.match(
      (await checkLab(lab.lab, newKey().publicKey))[0]!.problems.join(),
      /not signed with the key/,
    );
    const report = signedReport.parse(
      JSON.parse(await readFile(join(lab.lab, `${checked!.vendor}.report.json`), 'utf8')),
    );
    const pdf = await acceptancePdf(report);
    assert.deepEqual(pdf, await acceptancePdf(report));
    if (needs(t, 'pdftotext')) {
      const path = join(lab.dir, 'report.pdf');
      await writeFile(path, pdf);
      assert.match(execFileSync('pdftotext', [path, '-']).toString(), /SIMULATED[\s\S]*Passed/);
    }
    await assert.rejects(submitProcess(lab, honest, { vendor }), { code: 'E_ACCEPT_TWICE' });
    // Removing the claim does not give the key another chance.
    await rm(join(lab.lab, `${checked!.vendor}.claim.json`));
    await assert.rejects(submitProcess(lab, honest, { vendor }), { code: 'E_ACCEPT_TWICE' });
    assert.deepEqual(labRemains(), []);
  });

  test('fails what finds too little, and says so where the sample cannot tell', async (t) => {
    const lab = await sealedLab(t);
    const half = `say({ type: 'answer', id: item.id, detections: count % 6 === 0 ? [await find(item)] : [] });`;
    const poor = await submitProcess(lab, half);
    assert.deepEqual(
      [poor.verdict, poor.goals[0]?.verdict, poor.measures[0]?.value],
      ['failed', 'failed', 2 / ITEMS],
    );
    const most = `say({ type: 'answer', id: item.id, detections: count > 2 ? [await find(item)] : [] });`;
    const close = await submitProcess(lab, most);
    assert.deepEqual(
      [close.verdict, close.goals[0]?.why],
      ['not-estimable', 'the interval reaches to both sides of it'],
    );
    const small = await sealedLab(t, { sample: { truths: 500 } });
    assert.equal((await submitProcess(small, honest)).verdict, 'not-estimable');
  });

  test('names whatever was changed: set, seal, chain, answers, report', async (t) => {
    const lab = await sealedLab(t);
    const claims = await submitProcess(lab, honest);
    const { vendor } = claims.submission;
    const changed = async (path: string, message: RegExp): Promise<void> => {
      const before = await readFile(path);
      const after = Buffer.from(before);
      after[Math.floor(after.length / 2)]! ^= 1;
      await writeFile(path, after);
      await assert.rejects(
        checkLab(lab.lab, lab.key.publicKey),
        (error: Error) => message.test(error.message),
        path,
      );
      await writeFile(path, before);
    };
    await changed(join(lab.set, 'face-at-4-40.jpg'), /face-at-4-40\.jpg of the set was changed/);
    await changed(join(lab.set, 'set.json'), /set\.json/);
    await changed(join(lab.lab, 'seal.json'), /seal\.json/);
    await changed(join(lab.lab, 'commitment.json'), /commitment\.json/);
    await changed(join(lab.lab, 'chain.jsonl'), /line \d of chain\.jsonl/);
    await changed(join(lab.lab, `${vendor}.answers.json`), /answers\.json was changed/);
    await changed(join(lab.lab, `${vendor}.report.json`), /report\.json was changed/);
    assert.deepEqual((await checkLab(lab.lab))[0]?.problems, []);
  });

  test('admits only keys that were named, and only what their holder signed', async (t) => {
    const [known, other] = [newKey(), newKey()];
    const lab = await sealedLab(t, {}, [keyFingerprint(known.publicKey)]);
    await assert.rejects(submitProcess(lab, honest, { vendor: other }), { code: 'E_ACCEPT_ADMITTED' });
    assert.equal((await submitProcess(lab, honest, { vendor: known })).verdict, 'passed');
  });

  test('runs an ONNX model with its card', async (t) => {
    const lab = await sealedLab(t, {
      limits: { itemSeconds: 20 },
      goals: [{ measure: 'recall', atMost: 0.6 }],
    });
    // A detector that says the same of every picture: centre, size, and one probability, in pixels of 128 x 128.
    const [left, top] = [4 + 3 * 5, 40 - 2 * 5];
    const data = [2 * (left + 8), 2 * (top + 6), 32, 24, 0.9];
    const onnx = fixedModel({ name: 'image', dims: [1, 3, 128, 128] }, [
      { name: 'output0', dims: [1, 5, 1], data },
    ]);
    const card = {
      family: 'yolo-v8',
      input: { width: 128, height: 128, fit: 'letterbox' },
      outputs: { predictions: 'output0' },
      classes: ['badge'],
    } as const;
    const dir = await userModelDir(t, [{ card, onnx }]);
    const vendor = newKey();
    const path = join(dir, 'model0.onnx');
    const cardFile = join(dir, 'model0.card.json');
    const sign = async (): Promise<void> =>
      writeFile(`${path}.sig`, JSON.stringify(await signModel(path, vendor, `${path}.sig`)));
    const submission = {
      ...{
        lab: lab.lab,
        vendorKey: vendor.publicKey,
        labKey: lab.key,
        allowUnconfined: false,
        now: () => new Date(),
      },
      ...{
        submitted: { kind: 'model' as const, path },
        signal: new AbortController().signal,
        onItem: () => undefined,
      },
    } as const;
    // What is wrong before the run costs nothing.
    await rename(cardFile, join(dir, 'away'));
    await sign();
    await assert.rejects(submit(submission), { code: 'E_MODEL_CARD' });
    await rename(join(dir, 'away'), cardFile);
    const refused = (message: RegExp): Promise<void> =>
      assert.rejects(submit(submission), { code: 'E_MODEL_SIGNATURE', message });
    await refused(/model0\.card\.json was not signed/);
    await sign();
    // Each byte of the card counts: it says how the answers of the model are read.
    const signed = await readFile(cardFile);
    for (const at of [0, signed.length >> 1, signed.length - 1]) {
      const changed = Buffer.from(signed);
      changed[at]! ^= 1;
      await writeFile(cardFile, changed);
      await refused(/model0\.card\.json was changed/);
    }
    await rm(cardFile);
    await refused(/model0\.card\.json is missing/);
    await writeFile(cardFile, signed);
    const { claims } = await submit(submission);
    assert.equal(claims.fault, null);
    assert.deepEqual([claims.submission.digest, claims.submission.card], [sha256(onnx), sha256(signed)]);
    const [recall] = claims.measures;
    assert.ok(
      recall !== undefined && (recall.value ?? 0) > 0 && (recall.value ?? 1) < 0.5,
      JSON.stringify(recall),
    );
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    await assert.rejects(
      submit({
        ...{
          lab: lab.lab,
          vendorKey: newKey().publicKey,
          labKey: lab.key,
          allowUnconfined: false,
          now: () => new Date(),
        },
        ...{
          submitted: { kind: 'model' as const, path },
          signal: new AbortController().signal,
          onItem: () => undefined,
        },
      }),
      (error: Error) => /not signed|was changed|not let in/.test(error.message),
    );
  });
});

test('average precision is that of the example in the documentation of scikit-learn', () => {
  // sklearn.metrics.average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), given there as 0.83.
  const found = [
    { score: 0.1, hit: false },
    { score: 0.4, hit: false },
    { score: 0.35, hit: true },
    { score: 0.8, hit: true },
  ];
  assert.ok(Math.abs(averagePrecision([{ truths: 2, found }]) - 5 / 6) < 1e-12);
  // Equal scores come together, and what was never found costs.
  const tied = found.map(({ hit }) => ({ score: 0.5, hit }));
  assert.equal(averagePrecision([{ truths: 4, found: tied }]), 0.25);
});
