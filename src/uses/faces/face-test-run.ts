import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { parseSigningKey, parseVerifyKey } from '../../core/signing-key.ts';
import { readTestPlan } from '../../governance/faces/plan.ts';
import type { FaceTestClaims } from '../../governance/faces/schema.ts';
import { parseReport } from '../../governance/faces/sign.ts';
import { biasVerdict } from '../../governance/faces/verdict.ts';
import { countText, ofText, rateText, verdictText } from './report/words.ts';
import { reportFiles, runFaceTest, writeReport } from './run-test.ts';
import { verifyFaceTest, type FaceTestCheck } from './verify-test.ts';

const text = z.string().optional();
const schema = z.object({
  nonmated: text,
  transactions: text,
  searches: text,
  plan: text,
  targetFmr: z.coerce.number().gt(0).lt(1).optional(),
  model: text,
  camera: text,
  purpose: text,
  key: text,
  output: text,
  verify: text,
  scores: text,
});
type Options = z.infer<typeof schema>;

/** @throws TidewaiterError `E_OPTION`, and what testing and verifying throw. */
export async function runCommand(
  args: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const options = parseOptions(schema, given);
  const scores = args[0] ?? options.scores;
  if (scores === undefined) throw misused('Name the file of scores.');
  return options.verify === undefined
    ? test(scores, options, io)
    : verify(options.verify, { ...options, scores }, io);
}

async function test(scores: string, options: Options, io: CommandIo): Promise<number> {
  const { output, model = null, camera = null, purpose = null } = options;
  if (output === undefined) throw misused('Name a folder for the report with -o.');
  const key =
    options.key === undefined
      ? undefined
      : parseSigningKey(await readText(options.key, 'E_SIGN_KEY'), options.key);
  const signed = await runFaceTest({
    files: { ...options, scores },
    plan: await readTestPlan(options.plan, options.targetFmr),
    tested: { model, camera, purpose },
    key,
    now: new Date(),
  });
  await writeReport(signed, output);
  const { claims } = signed;
  if (io.json) await io.emit('result', { output, signed: signed.key !== null, ...claims });
  else await io.stdout.write(`${summary(claims, output, signed.key !== null).join('\n')}\n`);
  return biasVerdict(claims) === 'passed' ? exitCode.done : exitCode.attention;
}

function summary(claims: FaceTestClaims, output: string, signed: boolean): string[] {
  const { all, threshold, groups, notes } = claims;
  const width = Math.max(0, ...groups.map(({ name }) => name.length));
  return [
    `Tested ${countText(claims.counts.mated)} mated and ${countText(claims.counts.nonmated)} non-mated comparisons${claims.simulated ? ' (simulated)' : ''}`,
    `  threshold  ${threshold}`,
    `  FMR        ${rateText(all.fmr.rate)} (${ofText(all.fmr)})`,
    `  FNMR       ${rateText(all.fnmr.rate)} (${ofText(all.fnmr)})`,
    ...groups.flatMap(({ name, verdict, fmr, fnmr }) => [
      `  ${name.padEnd(width)}  FMR  ${rateText(fmr.rate)} (${ofText(fmr)}). ${verdictText(verdict.fmr)}`,
      `  ${name.padEnd(width)}  FNMR ${rateText(fnmr.rate)} (${ofText(fnmr)}). ${verdictText(verdict.fnmr)}`,
    ]),
    ...notes.map((note) => `  note       ${note}`),
    `  report     ${output}: ${Object.values(reportFiles).join(', ')}${signed ? '' : '; nobody signed it'}`,
  ];
}

async function verify(path: string, options: Options & { scores: string }, io: CommandIo): Promise<number> {
  const report = parseReport(await readText(path, 'E_FACE_REPORT'), path);
  const key =
    options.key === undefined
      ? undefined
      : parseVerifyKey(await readText(options.key, 'E_VERIFY_KEY'), options.key);
  const check = await verifyFaceTest(report, options, key);
  const good =
    check.differences.length === 0 && (check.signature === 'good' || check.signature === 'unasked');
  if (io.json) await io.emit('result', { good, ...check });
  else await io.stdout.write(`${checkLines(check).join('\n')}\n`);
  return good ? exitCode.done : exitCode.attention;
}

const signatures: Record<FaceTestCheck['signature'], string> = {
  good: 'The holder of the key signed this report.',
  wrong: 'The holder of the key did not sign this report, or it was changed.',
  unsigned: 'Nobody signed this report.',
  unasked: 'Who signed was not asked: give --key.',
};
const LISTED = 20;

function checkLines({ signature, differences }: FaceTestCheck): string[] {
  const more = differences.length - LISTED;
  return [
    signatures[signature],
    differences.length === 0
      ? 'Every figure follows from the files.'
      : `What the report says differs from what the files give in ${differences.length === 1 ? 'one place' : `${differences.length} places`}:`,
    ...differences
      .slice(0, LISTED)
      .map(({ path, reported, recomputed }) => `  ${path}: reported ${reported}, recomputed ${recomputed}`),
    ...(more > 0 ? [`  and ${more} more; --json lists all`] : []),
  ];
}

async function readText(path: string, code: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new TidewaiterError(
      code,
      `${path} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Give the path of a file.',
    );
  });
}

function misused(remedy: string): TidewaiterError {
  return new TidewaiterError('E_OPTION', 'Something is missing', remedy);
}
