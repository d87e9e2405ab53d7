import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Charter } from '../charters/charter.ts';
import type { CrosswalkLine } from '../charters/crosswalk.ts';
import { judgeCharter, type Judgement } from '../charters/judge.ts';
import { loadCharter, loadPolicy } from '../charters/load.ts';
import { builtInPolicies } from '../charters/policies.ts';
import { testProxies, usualBounds, type Estimate, type ProxyResult } from '../charters/proxy/proxies.ts';
import { readTable } from '../charters/proxy/table.ts';
import { readCsv } from '../inventory/csv.ts';
import { findEncoding, readText } from '../inventory/encoding.ts';
import { needFile, onDay } from './options.ts';
import { findingsText } from './text.ts';

const checkOptions = z.object({
  charter: z.string().optional(),
  policy: z.array(z.string()).default([]),
  data: z.string().optional(),
  attribute: z.string().optional(),
  on: onDay,
});

/** `tidewaiter governance check`: charters, and with `--data` the fields of a table. */
export async function checkGovernance(
  options: CommandOptions,
  io: CommandIo,
  charters: readonly Charter[],
): Promise<number> {
  const { charter, policy, data, attribute, on } = parseOptions(checkOptions, options);
  if ((data === undefined) !== (attribute === undefined))
    throw new TidewaiterError(
      'E_USAGE',
      '--data and --attribute go together',
      'Name the table and the column of it that holds the protected attribute.',
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
  if (data !== undefined && attribute !== undefined && !(await checkTable(data, attribute, io))) good = false;
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
  const met = applying.filter(({ status }) => status === 'met').length;
  return `${use}, revision ${revision}: ${title}\n  ${stage}, ${impact.class}, judged by the rules of ${on}\n${verdict}\n  Provisions met: ${met} of the ${applying.length} that apply\n${applying.map(lineText).join('')}${may}\n`;
}

function lineText({ policy, provision, title, status, by, missing }: CrosswalkLine): string {
  const mark = { met: 'met    ', waived: 'waived ', 'not-met': 'OPEN   ', 'not-applicable': '' }[status];
  const lacks = missing.length === 0 ? '' : `\n            needs: ${missing.join(', ')}`;
  const shown = by.length === 0 ? '' : `\n            by: ${by.join('; ')}`;
  return `    ${mark} ${policy}/${provision}  ${title}${shown}${lacks}\n`;
}

/** @returns whether every field may be used. */
async function checkTable(path: string, attribute: string, io: CommandIo): Promise<boolean> {
  const encoding = await findEncoding(await needFile(path));
  const table = await readTable(readCsv(readText(path, encoding)));
  const results = testProxies(table, attribute);
  for (const result of results)
    if (io.json) await io.emit('field', { attribute, bounds: usualBounds, ...result });
  if (!io.json) await io.stdout.write(tableText(attribute, table.rows, results));
  return results.every(({ verdict }) => verdict === 'within');
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
