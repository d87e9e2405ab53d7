import type { Day } from '../charters/days.ts';
import { openInventory, type Inventory, type InventoryRecord } from './inventory.ts';
import type { Layout } from './layout.ts';
import { commercialUses } from './layouts.ts';
import { checkRow, short, type RowFinding } from './rules.ts';

/** What an earlier inventory says of an id. */
interface Earlier {
  readonly name: string;
  readonly retired: boolean;
}

/** Uses of an earlier year by agency and id, for {@link checkInventory}. */
export type EarlierUses = ReadonlyMap<string, Earlier>;

export async function readEarlierUses(path: string): Promise<EarlierUses> {
  const { layout, records } = await openInventory(path);
  const uses = new Map<string, Earlier>();
  for await (const record of records) {
    const key = idKey(layout, record);
    if (key === undefined) continue;
    const stage = layout.stage === undefined ? '' : (record.answers[layout.stage]?.value ?? '');
    uses.set(key, { name: nameOf(record), retired: /^retired/i.test(stage) });
  }
  return uses;
}

/**
 * Checks a file against the dictionary of its year and the reporting guidance, and hands on each record as it goes by.
 * @param on the day from whose point of view it is judged: minimum practices were due on 3 April 2026.
 * @param earlier an inventory of a year before: ids are never used again, retired uses are reported once.
 */
export async function* checkInventory(
  inventory: Inventory,
  on: Day,
  earlier?: EarlierUses,
): AsyncGenerator<{ record?: InventoryRecord; findings: readonly RowFinding[] }> {
  const { layout, absent, header } = inventory;
  yield { findings: checkHeader(layout, absent, header.cells) };
  const seen = new Map<string, number>();
  const commercial = new Map<string, Set<string>>();
  for await (const record of inventory.records) {
    const findings = [...checkRow(layout, record, on), ...checkId(layout, record, seen, earlier)];
    if (layout.name === '2025-cots') findings.push(...checkCommercial(record, commercial));
    yield { record, findings };
  }
  yield { findings: missingCommercial(commercial) };
}

function checkHeader(layout: Layout, absent: readonly string[], cells: readonly string[]): RowFinding[] {
  const needed = layout.columns.filter(({ key, need }) => absent.includes(key) && need !== undefined);
  return needed.map(({ key, kind, headers }) => ({
    // A public inventory may leave the ids out.
    level: kind === 'id' ? 'warning' : 'error',
    rule: 'columns/missing',
    field: key,
    row: 1,
    line: 1,
    text: '',
    message: `No column "${short(headers.at(-1) ?? key)}" among ${cells.length}`,
    remedy: 'Add it, under the heading of the dictionary.',
  }));
}

/** Ids count within their agency: several agencies use plain numbers. */
function idKey(layout: Layout, { answers }: InventoryRecord): string | undefined {
  const id = layout.id === undefined ? undefined : answers[layout.id];
  if (id === undefined || id.blank) return undefined;
  return `${answers[layout.agency]?.value ?? ''} ${id.value.toLowerCase().replaceAll(/\s+/g, '')}`;
}

function nameOf({ answers }: InventoryRecord): string {
  return (answers['use_case_name'] ?? answers['Title'])?.value ?? '';
}

function checkId(
  layout: Layout,
  record: InventoryRecord,
  seen: Map<string, number>,
  earlier: EarlierUses | undefined,
): RowFinding[] {
  const key = idKey(layout, record);
  if (layout.id === undefined || key === undefined) return [];
  const text = record.answers[layout.id]?.text ?? '';
  const at = { field: layout.id, row: record.row, line: record.line, text };
  const stage = layout.stage === undefined ? '' : (record.answers[layout.stage]?.value ?? '');
  const findings: RowFinding[] = [];
  const first = seen.get(key);
  if (/^(tbd|none|unknown|pending)$/i.test(text.trim()))
    findings.push({
      ...at,
      level: 'error',
      rule: 'id/placeholder',
      message: `"${text.trim()}" is no id`,
      remedy: 'Give the use an id that it keeps over the years.',
    });
  else if (first !== undefined)
    findings.push({
      ...at,
      level: 'error',
      rule: 'id/repeated',
      message: `The id ${text.trim()} stands on row ${first} already`,
      remedy: 'Give each use its own id; one is never used again.',
    });
  seen.set(key, first ?? record.row);
  const before = earlier?.get(key);
  if (before?.retired === true)
    findings.push({
      ...at,
      level: 'error',
      rule: stage === layout.retired ? 'retired/twice' : 'id/reused',
      message:
        stage === layout.retired
          ? `The use was reported as retired before, and is reported so once`
          : `The id belonged to "${short(before.name)}", which was retired`,
      remedy: stage === layout.retired ? 'Leave the row out.' : 'Give the use a new id.',
    });
  else if (before !== undefined && before.name !== '' && plain(before.name) !== plain(nameOf(record)))
    findings.push({
      ...at,
      level: 'warning',
      rule: 'id/renamed',
      message: `The id belonged to "${short(before.name)}" before`,
      remedy: 'Make sure that it is the same use; another one needs a new id.',
    });
  else if (earlier !== undefined && before === undefined && stage === layout.retired)
    findings.push({
      ...at,
      level: 'warning',
      rule: 'retired/unreported',
      message: 'The use is reported as retired and was not in the earlier inventory',
      remedy: 'Check the id; a use that was never reported is not reported as retired.',
    });
  return findings;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
}

function checkCommercial(record: InventoryRecord, seen: Map<string, Set<string>>): RowFinding[] {
  const agency = record.answers['agency']?.value ?? '';
  const use = record.answers['use_case'];
  const uses = seen.get(agency) ?? new Set<string>();
  seen.set(agency, uses);
  if (use === undefined || use.blank) return [];
  const again = uses.has(use.value);
  uses.add(use.value);
  if (!again) return [];
  return [
    {
      level: 'error',
      rule: 'commercial/repeated',
      field: 'use_case',
      row: record.row,
      line: record.line,
      text: use.text,
      message: `${agency} answers this kind of use twice`,
      remedy: 'Answer each of the twenty kinds once.',
    },
  ];
}

function missingCommercial(seen: ReadonlyMap<string, ReadonlySet<string>>): RowFinding[] {
  return [...seen].flatMap(([agency, uses]) => {
    const missing = commercialUses.filter((use) => !uses.has(use));
    if (missing.length === 0) return [];
    return [
      {
        level: 'error' as const,
        rule: 'commercial/missing',
        field: 'use_case',
        row: 1,
        line: 1,
        text: '',
        message: `${agency} does not answer ${missing.length} of the twenty kinds: ${short(missing.join(' '))}`,
        remedy: 'Answer each kind, with N where it is not used.',
      },
    ];
  });
}
