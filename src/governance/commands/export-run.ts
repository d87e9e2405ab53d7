import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Charter } from '../charters/charter.ts';
import { checkCharter, checkTesters } from '../charters/check.ts';
import { hasErrors } from '../charters/finding.ts';
import { loadCharter, loadPolicy } from '../charters/load.ts';
import type { Policy } from '../charters/policy.ts';
import { exportEncoding, exportHeader, exportRow } from '../inventory/export.ts';
import { inventoryBytes } from '../inventory/inventory.ts';
import { onDay, writeNew } from './options.ts';
import { findingsText } from './text.ts';

const exportOptions = z.object({
  output: z.string({ error: 'the file to write' }),
  agency: z.string({ error: 'the abbreviation of the agency, such as DHS' }),
  agencyName: z.string({ error: 'the full name of the agency' }),
  bureau: z.string({ error: 'the component that is responsible' }),
  contact: z.email({ error: 'an e-mail address for inquiries' }),
  charter: z.array(z.string()).default([]),
  policy: z.array(z.string()).default([]),
  on: onDay,
});

/** `tidewaiter governance inventory export`. */
export async function exportInventory(
  options: CommandOptions,
  io: CommandIo,
  charters: readonly Charter[],
): Promise<number> {
  const { output, charter: files, policy, on, ...reporter } = parseOptions(exportOptions, options);
  const own = await Promise.all(files.map(loadCharter));
  const uses = [...charters.filter(({ use }) => !own.some((other) => other.use === use)), ...own];
  const policies = await Promise.all(policy.map(loadPolicy));
  for (const use of uses) await refuseBroken(use, policies, on, io);
  const rows = uses.map((use) => exportRow(use, reporter, on));
  const bytes = inventoryBytes({ encoding: exportEncoding, header: exportHeader, records: streamOf(rows) });
  await writeNew(output, bytes);
  if (io.json) await io.emit('result', { output, uses: uses.map(({ use }) => use) });
  else
    await io.stdout.write(
      `${output}: ${uses.length} uses in the format of the 2025 inventory.\nCheck it with: tidewaiter governance inventory check ${output}\n`,
    );
  return exitCode.done;
}

/** What may not be used is not reported as if it might. */
async function refuseBroken(
  charter: Charter,
  policies: readonly Policy[],
  on: string,
  io: CommandIo,
): Promise<void> {
  const findings = [...checkCharter(charter, on), ...checkTesters(charter, policies, on)];
  if (!hasErrors(findings)) return;
  await io.stderr.write(findingsText(findings));
  throw new TidewaiterError(
    'E_CHARTER',
    `The charter of ${charter.use} breaks rules`,
    `See tidewaiter governance check.`,
  );
}

async function* streamOf<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
}
