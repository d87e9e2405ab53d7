import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';
import { keyFingerprint, parseSigningKey, parseVerifyKey } from '../../core/signing-key.ts';
import { readOptionFile } from '../../host/engine-options.ts';
import { labText, seal, submissionFile } from '../acceptance/lab.ts';
import { acceptancePdf } from '../acceptance/pdf.ts';
import { planSchema, type AcceptancePlan } from '../acceptance/plan.ts';
import { parseFile, signedReport, type ReportClaims } from '../acceptance/signed.ts';
import { submit, type Submitted } from '../acceptance/submit.ts';
import { checkLab } from '../acceptance/verify.ts';

const sealOptions = z.object({
  plan: z.string('the file with goals, sample and limits'),
  key: z.string('the private key of the lab'),
  admit: z.array(z.string()).optional(),
});
const submitOptions = z.object({
  model: z.string().optional(),
  process: z.string().optional(),
  files: z.string().optional(),
  key: z.string('the public key of the vendor'),
  labKey: z.string('the private key of the lab'),
  unconfined: z.literal(true).optional(),
});
const reportOptions = z.object({ key: z.string().optional(), output: z.string().optional() });

/** `tidewaiter governance accept seal`. */
export async function sealSet(
  [setFolder = '', lab = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const options = parseOptions(sealOptions, given);
  const keys = await Promise.all(
    (options.admit ?? []).map(async (file) =>
      keyFingerprint(parseVerifyKey(await readOptionFile(file, '--admit'), file)),
    ),
  );
  const { claims } = await seal({
    ...{
      setFolder,
      lab,
      plan: await readPlan(options.plan),
      admitted: options.admit === undefined ? null : keys,
    },
    key: parseSigningKey(await readOptionFile(options.key, '--key'), options.key),
    now: new Date(),
  });
  if (io.json) await io.emit('result', { ...claims });
  else
    await io.stdout.write(
      `Sealed ${claims.name}: ${claims.items} items\n  commitment  ${claims.commitment}\n  Publish ${join(lab, 'commitment.json')} now, and keep the rest of ${lab} from vendors.\n`,
    );
  return exitCode.done;
}

async function readPlan(path: string): Promise<AcceptancePlan> {
  const text = await readOptionFile(path, '--plan');
  const parsed = check(planSchema, parseYaml(text));
  if (parsed.success) return parsed.data;
  const { place, what } = misfitOf(parsed.error);
  throw new TidewaiterError(
    'E_ACCEPT_PLAN',
    `${path} is no plan of an acceptance test: ${place || 'the file'}: ${what}`,
    'Correct it as docs/acceptance.md describes plans.',
  );
}

/** JSON is YAML too. What cannot be read fits no plan. */
function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** `tidewaiter governance accept submit`. */
export async function submitOne(
  [lab = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const options = parseOptions(submitOptions, given);
  const { claims } = await submit({
    ...{
      lab,
      submitted: submittedOf(options),
      allowUnconfined: options.unconfined === true,
      signal: io.signal,
    },
    vendorKey: parseVerifyKey(await readOptionFile(options.key, '--key'), options.key),
    labKey: parseSigningKey(await readOptionFile(options.labKey, '--lab-key'), options.labKey),
    now: () => new Date(),
    onItem: (done, of) => io.progress({ stage: 'test', done, total: of, unit: 'pictures' }),
  });
  if (io.json) await io.emit('result', { ...claims });
  else
    await io.stdout.write(
      `${reportText(claims).join('\n')}\n  report    ${join(lab, submissionFile(claims.submission.vendor, 'report'))}\n`,
    );
  return claims.verdict === 'passed' ? exitCode.done : exitCode.attention;
}

function submittedOf({ model, process: command, files }: z.infer<typeof submitOptions>): Submitted {
  if (model !== undefined && command === undefined) return { kind: 'model', path: model };
  if (model === undefined && command !== undefined && files !== undefined)
    return { kind: 'process', path: files, command: command.split(/\s+/).filter((word) => word !== '') };
  throw new TidewaiterError(
    'E_OPTION',
    'What is to be tested is not clear',
    'Give --model FILE, or --process COMMAND with --files FOLDER.',
  );
}

function reportText({
  submission,
  verdict,
  fault,
  measures,
  goals,
  set,
  confinement,
}: ReportClaims): string[] {
  return [
    `${submission.name}: ${verdict}${set.plan.simulated ? ' (simulated set)' : ''}`,
    ...(fault === null
      ? []
      : [`  broke the rules after ${fault.item} of ${set.items} items: ${fault.message}`]),
    ...(confinement === 'none' ? ['  was not confined'] : []),
    ...measures.map(
      ({ name, value, low, high, n }) =>
        `  ${name.padEnd(18)} ${value?.toFixed(4) ?? 'none'} (95 % interval ${low.toFixed(4)} to ${high.toFixed(4)}, n = ${n})`,
    ),
    ...goals.map(
      ({ measure, atLeast, atMost, verdict: found, why }) =>
        `  goal ${measure} ${atLeast === undefined ? `at most ${atMost ?? ''}` : `at least ${atLeast}`}: ${found}, ${why}`,
    ),
  ];
}

/** `tidewaiter governance accept report`. */
export async function reportLab(
  [lab = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const { key, output } = parseOptions(reportOptions, given);
  const checked = await checkLab(
    lab,
    key === undefined ? undefined : parseVerifyKey(await readOptionFile(key, '--key'), key),
  );
  if (output !== undefined) await mkdir(output, { recursive: true });
  for (const { vendor, claims, problems } of checked) {
    if (output !== undefined && claims !== undefined) {
      const name = submissionFile(vendor, 'report');
      const report = parseFile(signedReport, await labText(lab, name), name);
      await writeFile(join(output, `${vendor}.pdf`), await acceptancePdf(report));
    }
    if (io.json) await io.emit('submission', { vendor, problems, ...claims });
    else
      await io.stdout.write(
        `${[...(claims === undefined ? [vendor] : reportText(claims)), ...problems.map((problem) => `  PROBLEM: ${problem}`)].join('\n')}\n`,
      );
  }
  const good = checked.every(({ problems }) => problems.length === 0);
  if (io.json) await io.emit('result', { good });
  else await io.stdout.write(good ? 'Every figure follows from what was kept.\n' : '');
  return good ? exitCode.done : exitCode.attention;
}
