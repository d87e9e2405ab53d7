import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { clusteredTest } from '../../material/clustered-scores.ts';
import { TidewaiterError } from '../../src/core/errors.ts';
import { generateSigningKeyPem, parseSigningKey } from '../../src/core/signing-key.ts';
import { differences } from '../../src/uses/faces/report/compare.ts';
import { testPlanSchema } from '../../src/governance/faces/plan.ts';
import type { SignedFaceTest } from '../../src/governance/faces/schema.ts';
import { isSignedBy, parseReport } from '../../src/governance/faces/sign.ts';
import { runFaceTest, writeReport } from '../../src/uses/faces/run-test.ts';
import { verifyFaceTest } from '../../src/uses/faces/verify-test.ts';
import { clusteredCsv } from './clustered-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-face-byte-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const key = parseSigningKey(generateSigningKeyPem(), 'lab');
const scores = join(folder, 'scores.csv');
let whole: Buffer;
let report: SignedFaceTest;

before(async () => {
  const made = clusteredTest({
    ...{ seed: 'bytes', groups: 2, subjects: 30, matedPerSubject: 3, nonmated: 600 },
    ...{ fmr: 0.02, ratio: 1, fnmr: 0.05, subjectEffect: 0.2 },
  });
  writeFileSync(scores, [...clusteredCsv(made)].join(''));
  const plan = testPlanSchema.parse({ targetFmr: 0.02 });
  const tested = { model: 'abc', camera: 'gate 4', purpose: 'boarding' };
  const signed = await runFaceTest({ files: { scores }, plan, tested, key, now: new Date() });
  await writeReport(signed, join(folder, 'out'));
  whole = readFileSync(join(folder, 'out/report.json'));
  report = parseReport(whole.toString(), 'report.json');
  assert.ok(isSignedBy(report, key.publicKey));
});

describe('a report of a face test', () => {
  test('is not what was signed after any byte of it was changed, and what changed is named', () => {
    let [unreadable, placed] = [0, 0];
    for (let at = 0; at < whole.length - 1; at += 3) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      let found: SignedFaceTest;
      try {
        found = parseReport(changed.toString(), 'report.json');
      } catch (error) {
        assert.ok(error instanceof TidewaiterError, String(error));
        assert.equal(error.code, 'E_FACE_REPORT');
        assert.match(error.message, /^report\.json is no report/);
        unreadable += 1;
        continue;
      }
      // More digits than a number holds: the last one may say nothing.
      if (isDeepStrictEqual(found, report)) continue;
      assert.equal(isSignedBy(found, key.publicKey), false, `byte ${at}`);
      if (differences(found.claims, report.claims).length === 1) placed += 1;
    }
    assert.ok(unreadable > 100 && placed > 100, `${unreadable} ${placed}`);
  });

  test('cannot be filled up otherwise at the end of its signature, nor name another key', () => {
    const signature = report.signature ?? assert.fail();
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/<!= ')
      for (const from of [1, 2, 3]) {
        const other = signature.slice(0, -from) + letter + signature.slice(signature.length - from + 1);
        if (other !== signature)
          assert.equal(isSignedBy({ ...report, signature: other }, key.publicKey), false, other);
      }
    assert.equal(isSignedBy({ ...report, key: '0'.repeat(64) }, key.publicKey), false);
  });

  test('that was changed in a figure is told with figure and signature; one changed byte of the scores too', async () => {
    const verify = (found: SignedFaceTest, files = { scores }) => verifyFaceTest(found, files, key.publicKey);
    assert.deepEqual(await verify(report), { signature: 'good', differences: [] });
    const claims = structuredClone(report.claims);
    claims.groups[1]!.fnmr.n += 1;
    const told = await verify({ ...report, claims });
    assert.equal(told.signature, 'wrong');
    assert.deepEqual(
      told.differences.map(({ path }) => path),
      ['groups.1.fnmr.n'],
    );
    const bytes = readFileSync(scores);
    const digit = bytes.lastIndexOf('.') + 4;
    bytes[digit]! ^= 1;
    const other = join(folder, 'other.csv');
    writeFileSync(other, bytes);
    const { differences: apart } = await verify(report, { scores: other });
    assert.ok(apart.some(({ path }) => path === 'inputs.scores'));
  });
});
