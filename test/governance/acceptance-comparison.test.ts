import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { encodeOnnx, floats } from '../../material/onnx.ts';
import { keyFingerprint } from '../../src/core/signing-key.ts';
import { answersSchema } from '../../src/governance/acceptance/answers.ts';
import { canConfine } from '../../src/governance/acceptance/confine.ts';
import { submit } from '../../src/governance/acceptance/submit.ts';
import { checkLab } from '../../src/governance/acceptance/verify.ts';
import { signModel } from '../../src/models/scan/model-signature.ts';
import { fixed, userModelDir } from '../user-model.ts';
import { newKey, ownTemporaryFolder, submitProcess } from './acceptance-lab.ts';
import { LOOK_ALIKES, MATED, NONMATED, sealedStamps, SIDE, WORN } from './comparison-set.ts';

const labRemains = ownTemporaryFolder();
const noConfinement = (await canConfine()) ? false : 'needs user namespaces';

/** Likeness of two pictures, as the vendor computes it: the correlation of their brightness. */
const pixels = `
  const of = async (side) => [...await sharp(Buffer.from(side.data, 'base64')).greyscale().raw().toBuffer()];`;
const correlate = `
  const likeness = (a, b) => {
    const mean = (x) => x.reduce((s, v) => s + v, 0) / x.length, [ma, mb] = [mean(a), mean(b)];
    let [ab, aa, bb] = [0, 0, 0];
    for (const i of a.keys()) { ab += (a[i] - ma) * (b[i] - mb); aa += (a[i] - ma) ** 2; bb += (b[i] - mb) ** 2; }
    return ab / Math.sqrt(aa * bb);
  };`;
const compares = `${pixels}${correlate}
  say({ type: 'answer', id: item.id, score: likeness(await of(item.probe), await of(item.reference)) });`;

/** The same figures from the files of the set alone: Pillow reads, numpy correlates, scipy gives the exact intervals. */
const oracle = `
import json, sys, numpy as np
from PIL import Image
from scipy.stats import beta
folder, threshold = sys.argv[1], float(sys.argv[2])
read = lambda name: np.asarray(Image.open(folder + '/' + name).convert('L'), float).ravel()
said = json.load(open(folder + '/set.json'))['items']
rows = [(np.corrcoef(read(i['probe']), read(i['reference']))[0, 1], i['mated']) for i in said]
def share(k, n):
    low = 0.0 if k == 0 else beta.ppf(0.025, k, n - k + 1)
    high = 1.0 if k == n else beta.ppf(0.975, k + 1, n - k)
    return [int(k), int(n), low, high]
mated = np.array([s for s, m in rows if m]); other = np.array([s for s, m in rows if not m])
print(json.dumps({'fmr': share((other >= threshold).sum(), len(other)), 'fnmr': share((mated < threshold).sum(), len(mated)),
  'scores': sorted(float(s) for s, _ in rows)}))
`;

describe('an acceptance test of comparisons', { skip: noConfinement }, () => {
  test('a process is measured as Pillow, numpy and scipy measure it from the same pictures', async (t) => {
    const lab = await sealedStamps(t);
    const vendor = newKey();
    // It would tell if the answer, or who is on the pictures, reached it.
    const spy = `if (/mated|stamp|worn/.test(JSON.stringify(item))) process.exit(9);`;
    const claims = await submitProcess(lab, `${spy}${compares}`, { vendor });
    assert.equal(claims.fault, null, JSON.stringify(claims.fault));
    const said = execFileSync('/usr/bin/python3', ['-c', oracle, lab.set, '0.6']).toString();
    const theirs = JSON.parse(said) as Record<'fmr' | 'fnmr', [number, number, number, number]> & {
      scores: number[];
    };
    // As the set was drawn, and as somebody else counts it.
    assert.deepEqual(
      [theirs.fmr.slice(0, 2), theirs.fnmr.slice(0, 2)],
      [
        [LOOK_ALIKES, NONMATED],
        [WORN, MATED],
      ],
    );
    for (const { name, value, low, high, n } of claims.measures) {
      const [count, trials, theirLow, theirHigh] = theirs[name as 'fmr' | 'fnmr'];
      assert.deepEqual([value, n], [count / trials, trials], name);
      assert.ok(Math.abs(low - theirLow) < 1e-9 && Math.abs(high - theirHigh) < 1e-9, name);
    }
    assert.deepEqual(
      claims.measures.map(({ name }) => name),
      ['fmr', 'fnmr'],
    );
    const name = `${keyFingerprint(vendor.publicKey)}.answers.json`;
    const { answers } = answersSchema.parse(JSON.parse(await readFile(join(lab.lab, name), 'utf8')));
    const ours = answers.flatMap((one) => ('score' in one ? [one.score] : [])).sort((a, b) => a - b);
    assert.equal(ours.length, theirs.scores.length);
    for (const [at, score] of ours.entries()) assert.ok(Math.abs(score - theirs.scores[at]!) < 1e-9);
    assert.deepEqual([claims.verdict, claims.answered], ['passed', MATED + NONMATED]);
    assert.deepEqual((await checkLab(lab.lab, lab.key.publicKey))[0]?.problems, []);
    assert.deepEqual(labRemains(), []);
  });

  test('one that says the same of every pair fails, and one that swaps match and no match too', async (t) => {
    const lab = await sealedStamps(t);
    const same = await submitProcess(lab, `say({ type: 'answer', id: item.id, score: 1 });`);
    assert.deepEqual(
      [same.verdict, ...same.measures.map(({ value }) => value)],
      ['failed', 1, 0],
      JSON.stringify(same.goals),
    );
    const swapped = await submitProcess(lab, compares.replace('score: likeness(', 'score: 1.2 - likeness('));
    assert.equal(swapped.verdict, 'failed');
    for (const [answer, message] of [
      [`say('{"type":"answer","id":"' + item.id + '","score":NaN}\\n');`, /no JSON/],
      [`say({ type: 'answer', id: item.id });`, /score/],
      [`say('{"type":"answer","id":"' + item.id + '","score":1e999}\\n');`, /score/],
      [`say({ type: 'answer', id: item.id, detections: [] });`, /score|detections/],
    ] as const) {
      const claims = await submitProcess(lab, answer);
      assert.deepEqual([claims.fault?.kind, claims.verdict, claims.measures], ['answer', 'failed', []]);
      assert.match(claims.fault?.message ?? '', message);
    }
    const small = await sealedStamps(t, { sample: { mated: 1000, nonmated: 10 } });
    const few = await submitProcess(small, compares);
    assert.deepEqual(
      [few.verdict, few.goals[0]?.why],
      ['not-estimable', `${MATED} mated of the 1000 planned`],
    );
  });

  test('an ONNX network is tested inside a process; a model file alone is refused, and that costs nothing', async (t) => {
    const lab = await sealedStamps(t);
    const vendor = newKey();
    const dir = await userModelDir(t, [
      fixed(
        {
          family: 'yolo-v8',
          input: { width: 32, height: 32 },
          outputs: { predictions: 'o' },
          classes: ['a'],
        },
        [{ name: 'o', dims: [1, 5, 1], data: [0, 0, 1, 1, 1] }],
      ),
    ]);
    const path = join(dir, 'model0.onnx');
    await writeFile(`${path}.sig`, JSON.stringify(await signModel(path, vendor, `${path}.sig`)));
    const submission = submit({
      ...{ lab: lab.lab, vendorKey: vendor.publicKey, labKey: lab.key, allowUnconfined: false },
      ...{ submitted: { kind: 'model', path }, now: () => new Date() },
      ...{ signal: new AbortController().signal, onItem: () => undefined },
    });
    await assert.rejects(submission, { code: 'E_ACCEPT_KIND', message: /comparisons/ });

    // Takes the mean off and gives length 1: the product of two such vectors is the correlation of the pictures.
    const length = SIDE * SIDE;
    const onnx = encodeOnnx({
      inputs: [{ name: 'pixels', dims: [1, length] }],
      outputs: [{ name: 'vector', dims: [1, length] }],
      constants: { square: floats([length, length], centring(length)) },
      nodes: [
        { op: 'MatMul', inputs: ['pixels', 'square'], outputs: ['centred'] },
        { op: 'LpNormalization', inputs: ['centred'], outputs: ['vector'] },
      ],
    });
    const runtime = JSON.stringify(import.meta.resolve('onnxruntime-node'));
    const begin = `
      const ort = (await import(${runtime})).default;
      const session = await ort.InferenceSession.create(Buffer.from('${Buffer.from(onnx).toString('base64')}', 'base64'),
        { intraOpNumThreads: 1 });
      const vectorOf = async (pixels) => {
        const out = await session.run({ pixels: new ort.Tensor('float32', Float32Array.from(pixels), [1, ${length}]) });
        return [...out.vector.data];
      };`;
    const answer = `${pixels}
      const [a, b] = [await vectorOf(await of(item.probe)), await vectorOf(await of(item.reference))];
      say({ type: 'answer', id: item.id, score: a.reduce((sum, value, at) => sum + value * b[at], 0) });`;
    const network = await submitProcess(lab, answer, { vendor, begin });
    assert.equal(network.fault, null, JSON.stringify(network.fault));
    const plain = await submitProcess(lab, compares);
    assert.equal(canonicalJson(network.measures), canonicalJson(plain.measures));
    assert.equal(network.verdict, 'passed');
  });
});

/** Rows of the matrix that takes the mean off a vector. */
function centring(length: number): Float32Array {
  const rows = new Float32Array(length * length).fill(-1 / length);
  for (let at = 0; at < length; at++) rows[at * length + at]! += 1;
  return rows;
}
