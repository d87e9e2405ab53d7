import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { clusteredTest } from '../../material/clustered-scores.ts';
import { runProgram } from '../../src/cli/program.ts';
import { exitCode, type CommandIo } from '../../src/core/command.ts';
import { formatError, toErrorReport } from '../../src/core/errors.ts';
import { generateSigningKeyPem, parseSigningKey, publicKeyPem } from '../../src/core/signing-key.ts';
import { faceTest as faceTestCommand } from '../../src/uses/faces/commands.ts';
import type { FaceTestClaims, SignedFaceTest } from '../../src/governance/faces/schema.ts';
import { needs, projectRoot } from '../needs.ts';
import { clusteredCsv } from './clustered-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-face-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process, through the program that finds it; words that name files are names in the folder. */
async function faceTest(...words: string[]): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written): CommandIo['stdout'] => ({
    write: (text) => Promise.resolve(void (written[name] += text)),
  });
  const io: CommandIo = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    isTerminal: false,
    columns: 100,
    signal: new AbortController().signal,
    progress: () => undefined,
    json: words.includes('--json'),
    emit: (event, fields) => sink('stdout').write(JSON.stringify({ event, ...fields })),
  };
  const placed = words.map((word) =>
    /^[a-z]+(\.(csv|yaml|pem|json)|\/report\.json)$|^(out|again|x)$/.test(word) ? at(word) : word,
  );
  try {
    const code = await runProgram([faceTestCommand], ['face-test', ...placed], '0', io);
    return { code, ...written };
  } catch (error) {
    return { code: exitCode.usage, ...written, stderr: formatError(toErrorReport(error)) };
  }
}

function readReport(out: string): SignedFaceTest {
  return JSON.parse(readFileSync(at(`${out}/report.json`), 'utf8')) as SignedFaceTest;
}

const plan = `targetFmr: 0.01
ratio: 3
mated: { perSubject: 6, designEffect: 1.2 }
nonmated: { perSubject: 100, designEffect: 1.5 }
seed: a test
identification: { gallery: 100, listLength: 2, targetFpir: 0.5 }
`;
const transactions = `group,kind,acquired,seconds,satisfied,passed
A,transaction,yes,4,positive,yes
A,transaction,no,14,negative,no
B,transaction,yes,6,positive,yes
B,enrolment,no,,,
`;
const searches = `search,subject,group,enrolled,rank,candidate,score
1,a,A,yes,1,a,9
2,b,B,yes,1,x,8
2,b,B,yes,2,b,7
3,c,A,no,1,x,6
4,d,B,no,,,
`;

before(() => {
  const made = clusteredTest({
    seed: 'command',
    groups: 3,
    subjects: 180,
    matedPerSubject: 6,
    nonmated: 7000,
    fmr: 0.005,
    ratio: 6,
    fnmr: 0.03,
    subjectEffect: 0.2,
  });
  writeFileSync(at('scores.csv'), [...clusteredCsv(made)].join(''));
  const pem = generateSigningKeyPem();
  writeFileSync(at('lab.pem'), pem);
  writeFileSync(at('public.pem'), publicKeyPem(parseSigningKey(pem, 'lab').publicKey));
  writeFileSync(at('other.pem'), publicKeyPem(parseSigningKey(generateSigningKeyPem(), 'other').publicKey));
  writeFileSync(at('plan.yaml'), plan);
  writeFileSync(at('transactions.csv'), transactions);
  writeFileSync(at('searches.csv'), searches);
});

describe('a face test on the command line', () => {
  const inputs = ['--transactions', 'transactions.csv', '--searches', 'searches.csv'];

  test('writes a signed report that names the group that is worse', async () => {
    const words = [
      ...['scores.csv', ...inputs, '--plan', 'plan.yaml', '--model', 'abc', '--camera', 'gate 4'],
      ...['--purpose', 'boarding', '--key', 'lab.pem', '-o', 'out'],
    ];
    const program = [join(projectRoot, 'bin/tidewaiter.js'), 'governance', 'face-test'];
    const ran = spawnSync(process.execPath, [...program, ...words], { cwd: folder, encoding: 'utf8' });
    assert.equal(ran.status, 1, ran.stderr);
    assert.match(ran.stdout, /C +FMR .* Worse: .* times the others/);
    assert.deepEqual(readdirSync(at('out')).sort(), ['groups.csv', 'report.json', 'report.pdf']);
    const { claims } = readReport('out');
    assert.deepEqual(claims.tested, { model: 'abc', camera: 'gate 4', purpose: 'boarding' });
    assert.equal(claims.simulated, true);
    assert.deepEqual(claims.groups.map(verdictsOf), [
      ['no-difference-found', 'no-difference-found'],
      ['no-difference-found', 'no-difference-found'],
      ['worse', 'no-difference-found'],
    ]);
    assert.deepEqual(
      claims.inputs.map(({ role }) => role),
      ['scores', 'transactions', 'searches'],
    );
    const { experience, identification } = claims;
    const [met] = experience!.groups;
    assert.deepEqual(
      [met!.failureToAcquire.rate, met!.medianSeconds.value, met!.withinBudget!.rate],
      [0.5, 9, 0.5],
    );
    assert.equal(met!.frr, 0.5 + 0.5 * claims.groups[0]!.fnmr.rate!);
    assert.equal(experience!.fourFifthsPassed!.value, 0.5);
    assert.equal(experience!.groups[1]!.failureToEnrol!.errors, 1);
    assert.equal(identification!.lightsOut!.threshold, 6);
    assert.deepEqual(
      [identification!.lightsOut!.all.fpir!.errors, identification!.investigation.all.fnir.errors],
      [1, 0],
    );
    assert.equal(readFileSync(at('out/groups.csv'), 'utf8').trim().split('\r\n').length, 7);
  });

  test('writes a PDF that says what was found, and that it is simulated', (t) => {
    if (!needs(t, 'pdftotext', 'qpdf')) return;
    const text = execFileSync('pdftotext', ['-layout', at('out/report.pdf'), '-'], { encoding: 'utf8' });
    for (const said of [
      /SIMULATED/,
      /Higher error rates than the other groups: C \(false matches\)/,
      /What people met/,
      /never an approval/,
    ])
      assert.match(text, said);
    execFileSync('qpdf', ['--check', at('out/report.pdf')]);
    const raw = execFileSync('qpdf', ['--qdf', '--object-streams=disable', at('out/report.pdf'), '-'], {
      maxBuffer: 1e8,
    });
    assert.match(raw.toString('latin1'), /\/S \/Figure[^]*|\/Alt \(/);
  });

  test('gives the same figures again, and never writes over a report', async () => {
    const again = await faceTest('scores.csv', ...inputs, '--plan', 'plan.yaml', '-o', 'again');
    assert.equal(again.code, 1);
    assert.match(again.stdout, /nobody signed it/);
    const figures = ({ claims: { madeAt: _, tested: __, ...rest } }: SignedFaceTest): unknown => rest;
    assert.deepEqual(figures(readReport('again')), figures(readReport('out')));
    const over = await faceTest('scores.csv', '-o', 'out');
    assert.deepEqual([over.code, /E_OUTPUT_EXISTS/.test(over.stderr)], [2, true]);
  });

  test('is verified from report, files and public key, and by no other key', async () => {
    const verify = ['--verify', 'out/report.json', '--scores', 'scores.csv', ...inputs];
    const good = await faceTest(...verify, '--key', 'public.pem');
    assert.deepEqual(
      [good.code, good.stdout],
      [0, 'The holder of the key signed this report.\nEvery figure follows from the files.\n'],
    );
    const other = await faceTest(...verify, '--key', 'other.pem');
    assert.equal(other.code, 1);
    assert.match(other.stdout, /did not sign this report/);
    const fewer = await faceTest('--verify', 'out/report.json', '--scores', 'scores.csv');
    assert.match(
      fewer.stderr,
      /E_FACE_FILES: The report rests on a file of transactions too: transactions\.csv/,
    );
  });

  test('names every figure that was changed, in the report or in the scores', async () => {
    const report = readReport('out');
    const claims = structuredClone(report.claims);
    claims.groups[2]!.fmr.errors -= 1;
    claims.groups[2]!.verdict.fmr.verdict = 'no-difference-found';
    writeFileSync(at('changed.json'), JSON.stringify({ ...report, claims }));
    const changed = await faceTest(
      '--verify',
      'changed.json',
      '--scores',
      'scores.csv',
      ...inputs,
      '--key',
      'public.pem',
      '--json',
    );
    const found = JSON.parse(changed.stdout) as { signature: string; differences: { path: string }[] };
    assert.equal(changed.code, 1);
    assert.equal(found.signature, 'wrong');
    assert.deepEqual(
      found.differences.map(({ path }) => path),
      ['groups.2.fmr.errors', 'groups.2.verdict.fmr.verdict'],
    );
    const lines = readFileSync(at('scores.csv'), 'utf8').split('\n');
    writeFileSync(at('fewer.csv'), [...lines.slice(0, 100), ...lines.slice(101)].join('\n'));
    const swapped = await faceTest('--verify', 'out/report.json', '--scores', 'fewer.csv', ...inputs);
    assert.equal(swapped.code, 1);
    assert.match(swapped.stdout, /inputs\.scores: reported "[0-9a-f]{64}"/);
    assert.match(swapped.stdout, /counts\.mated: reported 3240, recomputed 3239/);
  });

  test('says what is wrong with what it was given', async () => {
    writeFileSync(at('odd.yaml'), 'ratio: 0.5\n');
    writeFileSync(at('coarse.csv'), 'type,score\nmated,1\nmated,0\nnonmated,1\nnonmated,1\n');
    writeFileSync(at('none.json'), '{"claims": {}}');
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['scores.csv'], /E_OPTION: .*-o/],
      [['scores.csv', '-o', 'x', '--target-fmr', '2'], /E_OPTION: --target-fmr does not fit/],
      [['scores.csv', '-o', 'x', '--plan', 'odd.yaml'], /E_TEST_PLAN: .*odd\.yaml does not fit: ratio/],
      [['scores.csv', '-o', 'x', '--searches', 'searches.csv'], /E_TEST_PLAN: .*gallery/],
      [['coarse.csv', '-o', 'x'], /E_SCORES_REACH/],
      [['scores.csv', '-o', 'x', '--key', 'none.pem'], /E_SIGN_KEY: .*none\.pem cannot be read \(ENOENT\)/],
      [['--verify', 'none.json', '--scores', 'scores.csv'], /E_FACE_REPORT: .*none\.json .*claims/],
    ];
    const results = await Promise.all(
      cases.map(async ([words, message]) => ({ message, ran: await faceTest(...words) })),
    );
    for (const { message, ran } of results) {
      assert.equal(ran.code, 2, ran.stdout);
      assert.match(ran.stderr, message);
    }
  });
});

function verdictsOf({ verdict }: FaceTestClaims['groups'][number]): string[] {
  return [verdict.fmr.verdict, verdict.fnmr.verdict];
}
