import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import { checkInventory, readEarlierUses } from '../inventory/check.ts';
import { openInventory, type Inventory, type InventoryRecord } from '../inventory/inventory.ts';
import { RollUp, share } from '../inventory/roll-up.ts';
import { needFile, onDay } from './options.ts';
import { FindingSummary, rollUpText } from './text.ts';

const year = z.enum(['2023', '2024', '2025', '2025-cots']).optional();
const importOptions = z.object({ year });
const checkOptions = z.object({ year, on: onDay, previous: z.string().optional() });

/** `tidewaiter governance inventory import`. */
export async function importInventory(
  [file = '']: readonly string[],
  options: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const chosen = parseOptions(importOptions, options);
  const inventory = await openInventory(await needFile(file), chosen.year);
  const rollUp = new RollUp();
  const agencies = new Map<string, number>();
  let uses = 0;
  if (io.json) await io.emit('inventory', described(inventory));
  for await (const record of inventory.records) {
    uses++;
    if (inventory.layout.name === '2025') rollUp.add(record);
    const agency = record.answers[inventory.layout.agency]?.value ?? '';
    agencies.set(agency, (agencies.get(agency) ?? 0) + 1);
    if (io.json)
      await io.emit('record', { row: record.row, line: record.line, ...asJson(inventory, record) });
  }
  const byAgency = rollUp.byAgency();
  if (io.json) {
    if (inventory.layout.name === '2025')
      await io.emit('rollup', { agencies: byAgency, ...shares(byAgency) });
    await io.emit('result', { rows: uses, agencies: agencies.size });
    return exitCode.done;
  }
  await io.stdout.write(headline(inventory, uses));
  if (inventory.layout.name === '2025') await io.stdout.write(rollUpText(byAgency));
  else
    for (const [agency, count] of [...agencies].sort(([a], [b]) => a.localeCompare(b)))
      await io.stdout.write(`  ${String(count).padStart(5)}  ${agency === '' ? '(no agency)' : agency}\n`);
  return exitCode.done;
}

/** `tidewaiter governance inventory check`. */
export async function checkInventoryFile(
  [file = '']: readonly string[],
  options: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const { year: name, on, previous } = parseOptions(checkOptions, options);
  const earlier = previous === undefined ? undefined : await readEarlierUses(await needFile(previous));
  const inventory = await openInventory(await needFile(file), name);
  const summary = new FindingSummary();
  const rollUp = new RollUp();
  let rows = 0;
  for await (const { record, findings } of checkInventory(inventory, on, earlier)) {
    if (record !== undefined) {
      rows++;
      if (inventory.layout.name === '2025') rollUp.add(record);
    }
    for (const finding of findings) {
      summary.add(finding);
      if (io.json) await io.emit('finding', finding);
    }
  }
  const byAgency = rollUp.byAgency();
  const { error, warning, notice } = summary.counts;
  if (io.json) {
    if (inventory.layout.name === '2025')
      await io.emit('rollup', { agencies: byAgency, ...shares(byAgency) });
    await io.emit('result', { rows, on, errors: error, warnings: warning, notices: notice });
  } else {
    await io.stdout.write(headline(inventory, rows));
    if (inventory.layout.name === '2025') await io.stdout.write(rollUpText(byAgency));
    await io.stdout.write(summary.text());
    await io.stdout.write(
      `\nJudged by the rules of ${on}: ${error} errors, ${warning} warnings, ${notice} notices in ${rows} rows.\n`,
    );
  }
  return error > 0 ? exitCode.attention : exitCode.done;
}

function headline({ layout, encoding, keys }: Inventory, uses: number): string {
  const mark = encoding.mark ? ' with byte order mark' : '';
  const extra = keys.filter((key) => key === undefined).length;
  const unknown = extra === 0 ? '' : `, ${extra} of them unknown to its dictionary`;
  return `${layout.title}: ${uses} rows, ${keys.length} columns${unknown}, ${encoding.charset}${mark}\n`;
}

function described({ layout, encoding, keys, absent }: Inventory): object {
  return {
    layout: layout.name,
    ...encoding,
    columns: keys.map((key) => key ?? null),
    absent,
  };
}

/** The text of every cell as it stands, and beside it what was read. */
function asJson({ keys, header }: Inventory, { cells, answers }: InventoryRecord): object {
  return {
    text: Object.fromEntries(cells.map((cell, at) => [keys[at] ?? header.cells[at] ?? '', cell])),
    read: Object.fromEntries(
      Object.entries(answers)
        .filter(([, { blank }]) => !blank)
        .map(([key, { value, values, date }]) => [key, date ?? values ?? value]),
    ),
  };
}

function shares(agencies: ReturnType<RollUp['byAgency']>): object {
  const all = Object.values(agencies);
  const bound = all.reduce((sum, { high_impact_deployed }) => sum + high_impact_deployed, 0);
  const done = all.reduce((sum, each) => sum + each.high_impact_deployed_all_8_done, 0);
  return { allPracticesDone: share(done, bound) };
}
