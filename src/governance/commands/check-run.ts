import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import { sha256File } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { keyFingerprint, parseSigningKey } from '../../core/signing-key.ts';
import { protectedAttributes, type ProtectedAttribute } from '../charters/attributes.ts';
import type { Charter } from '../charters/charter.ts';
import type { CrosswalkLine } from '../charters/crosswalk.ts';
import { dayOf } from '../charters/days.ts';
import { judgeCharter, type Judgement } from '../charters/judge.ts';
import { loadCharter, loadPolicy } from '../charters/load.ts';
import { builtInPolicies } from '../charters/policies.ts';
import { testProxies, usualBounds, type Estimate, type ProxyResult } from '../charters/proxy/proxies.ts';
import { readTable } from '../charters/proxy/table.ts';
import { signProxyTest } from '../charters/proxy/verdict.ts';
import { readCsv } from '../inventory/csv.ts';
import { findEncoding, readText } from '../inventory/encoding.ts';
import { needFile, onDay, writeNew } from './options.ts';
import { findingsText } from './text.ts';

const checkOptions = z.object({
  charter: z.string().optional(),
  policy: z.array(z.string()).default([]),
  data: z.string().optional(),
  attribute: z.string().optional(),
  standsFor: z.enum(protectedAttributes).optional(),
  key: z.string().optional(),
  output: z.string().optional(),
  on: onDay,
});

/** `tidewaiter governance check`: charters, and with `--data` the fields of a table. */
export async function checkGovernance(
  options: CommandOptions,
  io: CommandIo,
  charters: readonly Charter[],
): Promise<number> {
  const { charter, policy, data, attribute, standsFor, key, output, on } = parseOptions(
    checkOptions,
    options,
  );
  if ((data === undefined) !== (attribute === undefined))
    throw new TidewaiterError(
      'E_USAGE',
      '--data and --attribute go together',
      'Name the table and the column of it that holds the protected attribute.',
    );
  const signing = [standsFor, key, output].filter((option) => option !== undefined).length;
  if (signing > 0 && (signing < 3 || data === undefined))
    throw new TidewaiterError(
      'E_USAGE',
      '--stands-for, --key and -o go together, with --data',
      'Name the protected attribute, your private key, and the file for what is signed.',
    );
  const policies = [...builtInPolicies, ...(await Promise.all(policy.map(loadPolicy)))];
  const chosen = charter === undefined ? charters : [await loadCharter(charter)];
  let good = true;
  // A table without a charter is tested by itself.
  if (data === undefined || charter !== undefined)
    for (const each of chosen) {
      const judgement = judgeCharter(each, policies, on);
      if (!judgement.mayRun) good = false;
      if (io.json) await io.emit('charter', { use: each.use, revision: each.revision, on, ...judgement });
      else await io.stdout.write(charterText(each, on, judgement));
    }
  if (data !== undefined && attribute !== undefined) {
    const results = await checkTable(data, attribute, io);
    if (results.some(({ verdict }) => verdict !== 'within')) good = false;
    if (standsFor !== undefined && key !== undefined && output !== undefined)
      await signTests(results, { data, attribute: standsFor, key, output }, io);
  }
  if (io.json) await io.emit('result', { good });
  return good ? exitCode.done : exitCode.attention;
}

function charterText(
  { use, revision, title, stage, impact }: Charter,
  on: string,
  { findings, crosswalk: lines, mayRun }: Judgement,
): string {
  const verdict = findings.length === 0 ? '  no rule of charters is broken\n' : findingsText(findings);
  const applying = lines.filter(({ status }) => status !== 'not-applicable');
  const may = mayRun ? '' : '\n  It must not run as it is.\n';
  const met = applying.filter(({ status }) => status === 'met');
  const by = (what: CrosswalkLine['rests']): number => met.filter(({ rests }) => rests === what).length;
  const how = `${by('evidence')} by evidence, ${by('software')} by what this software does or checks, ${by('charter')} stated by the charter alone`;
  return `${use}, revision ${revision}: ${title}\n  ${stage}, ${impact.class}, judged by the rules of ${on}\n${verdict}\n  Provisions met: ${met.length} of the ${applying.length} that apply (${how})\n${applying.map(lineText).join('')}${may}\n`;
}

function lineText({ policy, provision, title, status, rests, due, by, missing }: CrosswalkLine): string {
  const met = rests === 'charter' ? 'stated ' : 'met    ';
  const open = due === undefined ? 'OPEN   ' : 'to do  ';
  const mark = { met, waived: 'waived ', 'not-met': open, 'not-applicable': '' }[status];
  const until = due === undefined ? '' : ` by ${due}`;
  const lacks = missing.length === 0 ? '' : `\n            needs${until}: ${missing.join(', ')}`;
  const shown = by.length === 0 ? '' : `\n            by: ${by.join('; ')}`;
  return `    ${mark} ${policy}/${provision}  ${title}${shown}${lacks}\n`;
}

async function checkTable(path: string, attribute: string, io: CommandIo): Promise<ProxyResult[]> {
  const encoding = await findEncoding(await needFile(path));
  const table = await readTable(readCsv(readText(path, encoding), path));
  const results = testProxies(table, attribute);
  for (const result of results)
    if (io.json) await io.emit('field', { attribute, bounds: usualBounds, ...result });
  if (!io.json) await io.stdout.write(tableText(attribute, table.rows, results));
  return results;
}

/** Writes what was found, signed: of today, whatever day the rules are asked for. */
async function signTests(
  results: readonly ProxyResult[],
  {
    data,
    attribute,
    key,
    output,
  }: {
    readonly data: string;
    readonly attribute: ProtectedAttribute;
    readonly key: string;
    readonly output: string;
  },
  io: CommandIo,
): Promise<void> {
  const signer = parseSigningKey(await readFile(await needFile(key), 'utf8'), key);
  const tested = { attribute, on: dayOf(new Date()), table: await sha256File(data) };
  const tests = results.map((result) => signProxyTest(result, tested, signer));
  await writeNew(output, [Buffer.from(`${JSON.stringify(tests, null, 2)}\n`)]);
  if (!io.json) await io.stdout.write(`${output}: signed by ${keyFingerprint(signer.publicKey)}\n`);
}

function tableText(attribute: string, rows: number, results: readonly ProxyResult[]): string {
  const words = {
    within: 'may be used',
    beyond: 'BLOCKED',
    'not-estimable': 'not estimable, blocked',
  } as const;
  const lines = results.map(({ field, verdict, association, auc, measure, n, why }) => {
    const first = association === undefined ? '' : `\n    ${measure}: ${estimateText(association)}`;
    const second =
      auc === undefined
        ? ''
        : `\n    best guess of "${auc.group}" (area under the curve): ${estimateText(auc)}`;
    return `  ${field}: ${words[verdict]}, n = ${n}: ${why}${first}${second}\n`;
  });
  return `Fields against ${attribute}, ${rows} rows; bounds: association ${usualBounds.association}, area ${usualBounds.auc}\n${lines.join('')}`;
}

function estimateText({ value, low, high }: Estimate): string {
  return `${value.toFixed(2)} (95 % interval ${low.toFixed(2)} to ${high.toFixed(2)})`;
}
