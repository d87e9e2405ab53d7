import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { sha256File } from '../../src/core/digest.ts';
import { Random } from '../../src/core/random.ts';
import {
  generateSigningKeyPem,
  keyFingerprint,
  parseSigningKey,
  publicKeyPem,
} from '../../src/core/signing-key.ts';
import { keepInTree, signHead } from '../../src/governance/log/log.ts';
import { logStep } from '../../src/governance/migrations/2026-11-22-1900-log.ts';
import { append, sequence } from '../../src/platform/ledger/ledger.ts';
import { platformSchema } from '../../src/platform/migrations/index.ts';
import type { Alert } from '../../src/uses/watch/alert.ts';
import {
  proveEntries,
  verifyEvidence,
  writeEvidence,
  type EvidenceParts,
  type LedgerProofs,
  type VerifiedEvidence,
} from '../../src/uses/watch/evidence/index.ts';
import { clipFolder, ffmpeg } from '../media-clips.ts';
import { needs } from '../needs.ts';
import { startTestServer } from '../platform/postgres.ts';
import { start } from '../redaction/program.ts';
import { cameraClip } from './record-clips.ts';

const server = await startTestServer();
const clips = clipFolder();
after(clips.remove);
const agency = parseSigningKey(generateSigningKeyPem(), 'agency');
const stranger = parseSigningKey(generateSigningKeyPem(), 'stranger');
const ledgerKey = parseSigningKey(generateSigningKeyPem(), 'ledger');
const madeAt = new Date('2026-11-23T01:00:00Z');
const file = clips.path('alert.zip');

const alert: Alert = {
  id: 'gate-alert-1',
  camera: 'gate',
  severity: 'high',
  time: 30.2,
  at: Date.UTC(2026, 10, 22, 23, 59, 30),
  class: 'person',
  track: 't-1',
  box: { x: 10, y: 20, width: 30, height: 60 },
  reason: {
    rule: { id: 'anybody', kind: 'zone-entry', place: 'dock' },
    schedule: { armed: true, why: 'closed' },
    text: 'person entered zone dock',
    path: [],
    scores: [0.7, 0.8],
  },
  latency: { decoded: 1, looked: 20, fired: 21, inertia: 0.4 },
  incident: 'gate-incident-1',
};

let parts: EvidenceParts;
let proofs: LedgerProofs;

before(async () => {
  const { db } = await server.database([...platformSchema, logStep]);
  await db.transaction().execute(async (tx) => {
    for (let index = 0; index < 37; index++) {
      const id = index === 11 ? alert.id : index === 20 ? 'gate-incident-1' : `other-${index}`;
      await append(tx, { kind: 'watch.alert', at: new Date(0), actor: 'system', subjects: { alert: id } });
    }
  });
  while ((await sequence(db, keepInTree)) > 0);
  await signHead(db, { origin: 'pier', key: ledgerKey, now: new Date(0) });
  proofs = await proveEntries(db, [ledgerKey.publicKey], [11, 20]);
  await assert.rejects(proveEntries(db, [], [37]), {
    code: 'E_EVIDENCE',
    message: /not under a signed head/,
  });

  const clip = cameraClip(clips.path('clip.mp4'), 1);
  const still = clips.path('still.jpg');
  ffmpeg('-i', clip, '-frames:v', '1', '-vf', 'scale=64:36', still);
  parts = {
    alert,
    incident: {
      id: 'gate-incident-1',
      camera: 'gate',
      severity: 'high',
      started: 30.2,
      lastAlert: 30.2,
      alerts: [alert.id],
      rules: ['anybody'],
      tracks: ['t-1'],
      identities: [],
    },
    clip: { path: clip, sha256: await sha256File(clip), about: { begins: 29, ends: 30, missing: [] } },
    snapshots: { 'gate-alert-1.jpg': { path: still }, 'box.txt': { bytes: Buffer.from('10 20 30 60\n') } },
    tracks: [{ id: 't-1', boxes: [[30.2, 10, 20, 30, 60]] }],
    rule: { id: 'anybody', kind: 'zone-entry' },
    calendar: { armed: true, why: 'outside opening hours' },
    models: [{ id: 'coco-ssd', digest: 'a'.repeat(64), version: '1' }],
    decisions: [{ by: 'p-1', at: '2026-11-23T00:10:00Z', what: 'confirmed' }],
    ledger: proofs,
  };
  await writeEvidence(parts, { file, key: agency, madeAt });
});

/** A package that was altered somehow, as it is found. */
async function altered(change: (copy: string) => void, key = agency.publicKey): Promise<VerifiedEvidence> {
  const copy = clips.path('altered.zip');
  copyFileSync(file, copy);
  change(copy);
  return verifyEvidence(copy, key);
}

const python = (copy: string, program: string): void => {
  execFileSync('python3', ['-W', 'ignore', '-c', `import zipfile, sys\np = sys.argv[1]\n${program}`, copy]);
};

/** Packs the archive again with Python's zipfile, once for each thing done to its `files`; gives the new archives. */
function repacked(steps: readonly string[]): string[] {
  const copies = steps.map((_, index) => clips.path(`repacked-${index}.zip`));
  const program = steps.map(
    (step, index) => `files = dict(all); ${step}
with zipfile.ZipFile(${JSON.stringify(copies[index])}, 'w') as out:
  for n, b in files.items(): out.writestr(n, b)`,
  );
  const all = 'z = zipfile.ZipFile(p); all = {n: z.read(n) for n in z.namelist()}';
  python(file, [all, ...program].join('\n'));
  return copies;
}

describe('an evidence package', () => {
  test('is intact, and says whose it is and what is proved', async () => {
    const found = await verifyEvidence(file, agency.publicKey);
    assert.deepEqual(found.problems, []);
    assert.equal(found.intact, true);
    assert.equal(found.signedBy, keyFingerprint(agency.publicKey));
    assert.equal(found.files, 15);
    assert.deepEqual([found.about!.alert, found.about!.at], [alert.id, '2026-11-22T23:59:30.000Z']);
    assert.equal(found.ledger!.entries, 2);
    assert.deepEqual(
      [found.ledger!.head!.size, found.ledger!.head!.signedBy],
      [37, keyFingerprint(ledgerKey.publicKey)],
    );
    const again = clips.path('again.zip');
    await writeEvidence(parts, { file: again, key: agency, madeAt });
    assert.ok(readFileSync(again).equals(readFileSync(file)), 'equal parts give equal bytes');
  });

  test('is read and checked by tools of others, as its README says', (t) => {
    if (!needs(t, 'openssl')) return;
    execFileSync('unzip', ['-tq', file]);
    const folder = clips.path('unpacked');
    execFileSync('unzip', ['-q', file, '-d', folder]);
    python(file, 'assert zipfile.ZipFile(p).testzip() is None');
    const shell = (line: string): string =>
      execFileSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' });
    assert.match(shell('sha256sum --strict -c SHA256SUMS'), /clip\.mp4: OK/);
    assert.match(
      shell('openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig'),
      /Verified Successfully/,
    );
    const printed = shell('openssl pkey -pubin -in key.pem -outform DER | sha256sum').slice(0, 64);
    assert.ok(readFileSync(`${folder}/README.txt`, 'utf8').includes(printed));
    assert.equal(readFileSync(`${folder}/alert.json`, 'utf8').includes('person entered zone dock'), true);
    execFileSync('ffprobe', ['-v', 'error', `${folder}/clip.mp4`]);
  });

  test('with any byte changed is found to be, and where is said', async () => {
    const whole = readFileSync(file);
    const random = new Random('bytes');
    const places = new Set<number>([0, whole.length - 1]);
    // All of the archive's own bytes near the end, and a sample of the rest.
    for (let at = whole.length - 1200; at < whole.length; at += 4) places.add(at);
    for (let round = 0; round < 200; round++) places.add(random.integer(whole.length));
    const copy = clips.path('byte.zip');
    for (const at of places) {
      const changed = Buffer.from(whole);
      changed[at] = changed[at]! ^ (1 << random.integer(8));
      writeFileSync(copy, changed);
      const { intact, problems } = await verifyEvidence(copy, agency.publicKey);
      assert.equal(intact, false, `a change at ${at} was accepted`);
      assert.ok(
        problems.some((problem) => /\.(json|txt|mp4|jpg|pem)|SHA256SUMS|archive/.test(problem)),
        problems.join(),
      );
    }
  });

  test('names the file that was changed, removed, added or put in twice', async () => {
    const cases = [
      [`files['decisions.json'] = b'[]'`, 'decisions.json was changed'],
      [`files['clip.mp4'] = files['clip.mp4'][:-1]`, 'clip.mp4 was changed'],
      [`del files['snapshots/gate-alert-1.jpg']`, 'snapshots/gate-alert-1.jpg is missing'],
      [`files['more.txt'] = b'more'`, 'more.txt was added'],
      [`del files['SHA256SUMS']`, 'SHA256SUMS is missing'],
      [`del files['SHA256SUMS.sig']`, 'SHA256SUMS.sig is missing'],
      ['pass', "the archive's own bytes about README.txt were changed"],
    ] as const;
    const copies = repacked(cases.map(([step]) => step));
    for (const [index, [, expected]] of cases.entries()) {
      const { intact, problems } = await verifyEvidence(copies[index]!, agency.publicKey);
      assert.equal(intact, false);
      assert.ok(problems.includes(expected), `${expected}: ${problems.join('; ')}`);
    }
    const { problems } = await altered((copy) =>
      python(
        copy,
        `z = zipfile.ZipFile(p, 'a'); z.writestr('late.txt', b'x'); z.writestr('alert.json', b'{}'); z.close()`,
      ),
    );
    for (const expected of ['late.txt was added', 'alert.json is there twice', 'alert.json was changed'])
      assert.ok(problems.includes(expected), problems.join('; '));
    const tail = await altered((copy) =>
      writeFileSync(copy, Buffer.concat([readFileSync(file), Buffer.of(0)])),
    );
    assert.deepEqual(tail.problems, ['the end of the archive was changed']);
    const cut = await altered((copy) => writeFileSync(copy, readFileSync(file).subarray(0, -40)));
    assert.match(cut.problems.join(), /directory at the end of the archive/);
  });

  test('signed again with another key is found by the key that was expected', async () => {
    const other = clips.path('other.zip');
    await writeEvidence({ ...parts, decisions: [] }, { file: other, key: stranger, madeAt });
    const found = await verifyEvidence(other, agency.publicKey);
    const [mine, theirs] = [agency, stranger].map(({ publicKey }) => keyFingerprint(publicKey));
    assert.deepEqual(found.problems, [
      `SHA256SUMS.sig was made with another key: ${theirs}, and not ${mine}`,
    ]);
    assert.equal((await verifyEvidence(other)).intact, true, 'which nobody can tell without a key');
  });

  test('proves its entries of the ledger, each by its number', async () => {
    const [first, second] = proofs.entries;
    const made = async (ledger: LedgerProofs): Promise<string> => {
      const changed = clips.path(`ledger-${Math.random()}.zip`);
      await writeEvidence({ ...parts, ledger }, { file: changed, key: agency, madeAt });
      return (await verifyEvidence(changed, agency.publicKey)).problems.join('; ');
    };
    const event = { ...first!.event, actor: 'nobody' };
    assert.match(
      await made({ ...proofs, entries: [{ ...first!, event }, second!] }),
      /^ledger\.json: entry 11 is not in/,
    );
    assert.match(
      await made({ ...proofs, entries: [{ ...second!, index: 21 }] }),
      /entry 21 is not in the ledger/,
    );
    assert.match(
      await made({ ...proofs, keys: [publicKeyPem(stranger.publicKey), 'x'] }),
      /none of its keys signed/,
    );
    assert.match(await made({ ...proofs, head: proofs.head.replace('37', '38') }), /none of its keys signed/);
    const elsewhere = clips.path('elsewhere.zip');
    await writeEvidence(
      { ...parts, subjects: ['gate-incident-1'] },
      { file: elsewhere, key: agency, madeAt },
    );
    const { problems } = await verifyEvidence(elsewhere, agency.publicKey);
    assert.deepEqual(problems, ['ledger.json: entry 11 is about something else']);
  });

  test('is not made of a clip that is not what was recorded, nor over a file', async () => {
    const before = readdirSync(clips.path('.')).length;
    const clip = { ...parts.clip, sha256: 'b'.repeat(64) } as EvidenceParts['clip'];
    const target = clips.path('never.zip');
    await assert.rejects(writeEvidence({ ...parts, clip }, { file: target, key: agency, madeAt }), {
      code: 'E_EVIDENCE',
      message: /is not what was recorded/,
    });
    const gone = { 'gone.jpg': { path: clips.path('gone.jpg') } };
    await assert.rejects(
      writeEvidence({ ...parts, snapshots: gone }, { file: target, key: agency, madeAt }),
      { code: 'E_EVIDENCE' },
    );
    const outside = { '../x': { bytes: Buffer.alloc(1) } };
    await assert.rejects(
      writeEvidence({ ...parts, snapshots: outside }, { file: target, key: agency, madeAt }),
      { code: 'E_EVIDENCE' },
    );
    await assert.rejects(writeEvidence(parts, { file, key: agency, madeAt }), {
      code: 'E_EVIDENCE',
      message: /there already/,
    });
    assert.equal(existsSync(target), false);
    assert.equal(readdirSync(clips.path('.')).length, before);
    await writeEvidence(
      { ...parts, clip: { absent: 'the disk was full' } },
      { file: target, key: agency, madeAt },
    );
    assert.equal((await verifyEvidence(target, agency.publicKey)).intact, true);
  });

  test('that is hostile ends in findings or one error, never in a fault', async () => {
    const whole = readFileSync(file);
    const random = new Random('hostile zip');
    const copy = clips.path('hostile.zip');
    for (let round = 0; round < 150; round++) {
      const bytes = Buffer.from(whole);
      for (let change = 0; change < 4; change++)
        bytes.writeUInt32LE(
          random.pick([0, 0xffff_ffff, random.integer(1 << 20)]),
          bytes.length - 4 - random.integer(1400),
        );
      writeFileSync(copy, random.next() < 0.2 ? bytes.subarray(random.integer(bytes.length)) : bytes);
      assert.equal((await verifyEvidence(copy)).intact, false);
    }
    for (const bytes of ['', 'PK', 'no zip at all']) {
      writeFileSync(copy, bytes);
      assert.equal((await verifyEvidence(copy)).intact, false);
    }
    await assert.rejects(verifyEvidence(clips.path('nowhere.zip')), { code: 'E_EVIDENCE' });
    await assert.rejects(verifyEvidence(clips.path('.')), { code: 'E_EVIDENCE' });
  });

  test('is checked on the command line', async () => {
    const key = clips.path('agency.pem');
    writeFileSync(key, publicKeyPem(agency.publicKey));
    const run = async (
      ...words: string[]
    ): Promise<{ code: number | null; stdout: string; stderr: string }> =>
      start(['watch', 'verify-evidence', ...words]).ended;
    const good = await run(file, '--key', key);
    assert.equal(good.code, 0, good.stderr);
    assert.match(
      good.stdout,
      /alert\.zip: intact, 15 files[\s\S]*2 entries proved in the ledger pier of 37 entries/,
    );
    const unknown = await run(file);
    assert.match(unknown.stdout, /No --key was given/);
    const [bad = ''] = repacked([`files['rule.json'] = b'{}'`]);
    const found = await run(bad, '--key', key, '--json');
    assert.equal(found.code, 1);
    const result = JSON.parse(found.stdout.trim().split('\n').at(-1)!) as { problems: string[] };
    assert.ok(result.problems.includes('rule.json was changed'));
  });
});
