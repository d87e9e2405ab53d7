import type { CommandSpec } from '../../core/command.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Charter } from '../charters/charter.ts';
import { protectedAttributes } from '../charters/attributes.ts';
import { acceptCommand, modelCommand } from './accept.ts';

/** The charters of all uses; asked only by commands that need them. */
export type FindCharters = () => Promise<readonly Charter[]>;

const year = {
  flags: '--year <year>',
  summary: 'what the file is, when its headings do not show it',
  choices: ['2023', '2024', '2025', '2025-cots'],
};
const on = {
  flags: '--on <day>',
  summary: 'judge by the rules of this day (2026-03-31) instead of today',
};

const importCommand: CommandSpec = {
  name: 'import',
  summary: 'Read an inventory and show what it says; with --json every record, its text and its reading',
  arguments: [{ name: 'file', summary: 'CSV of 2023, 2024 or 2025, as published or as an agency wrote it' }],
  options: [year],
  examples: [
    {
      line: 'tidewaiter governance inventory import 2025_DHS.csv',
      summary: 'uses by agency, stage and practices',
    },
    {
      line: 'tidewaiter governance inventory import 2024.csv --json > uses.jsonl',
      summary: 'for another program',
    },
  ],
  run: async (args, options, io) => (await import('./inventory-run.ts')).importInventory(args, options, io),
};

const checkInventoryCommand: CommandSpec = {
  name: 'check',
  summary: 'Check an inventory against the dictionary of its year and the reporting guidance',
  arguments: [{ name: 'file', summary: 'CSV of the inventory' }],
  options: [
    year,
    on,
    {
      flags: '--previous <file>',
      summary: 'inventory of the year before: ids used again, uses retired twice',
    },
  ],
  examples: [
    { line: 'tidewaiter governance inventory check dhs.csv', summary: 'exit code 1 when a rule is broken' },
    {
      line: 'tidewaiter governance inventory check new.csv --previous old.csv --json',
      summary: 'each finding with row, field and rule',
    },
  ],
  run: async (args, options, io) =>
    (await import('./inventory-run.ts')).checkInventoryFile(args, options, io),
};

function exportCommand(charters: FindCharters): CommandSpec {
  return {
    name: 'export',
    summary: 'Write the uses of this software, from their charters, in the format of the 2025 inventory',
    arguments: [],
    options: [
      { flags: '-o, --output <file>', summary: 'CSV to write; it must not exist yet' },
      { flags: '--agency <letters>', summary: 'abbreviation of the agency, such as DHS' },
      { flags: '--agency-name <name>', summary: 'its full name' },
      { flags: '--bureau <name>', summary: 'component that is responsible' },
      { flags: '--contact <address>', summary: 'e-mail address for inquiries' },
      {
        flags: '--charter <file>',
        summary: "an agency's own charter, in place of ours for its use",
        repeatable: true,
      },
      {
        flags: '--policy <file>',
        summary: "an agency's own policy, which names whose tests of proxies count",
        repeatable: true,
      },
      on,
    ],
    examples: [
      {
        line: 'tidewaiter governance inventory export -o uses.csv --agency DHS --agency-name "Department of Homeland Security" --bureau CBP --contact ai@example.gov',
        summary: '',
      },
    ],
    run: async (_, options, io) =>
      (await import('./export-run.ts')).exportInventory(options, io, await charters()),
  };
}

function checkCommand(charters: FindCharters): CommandSpec {
  return {
    name: 'check',
    summary: 'Check charters: red lines, protected attributes and proxies, and which rule is met by what',
    arguments: [],
    options: [
      { flags: '--charter <file>', summary: 'this charter (JSON or YAML) instead of those of all uses' },
      {
        flags: '--policy <file>',
        summary: "an agency's own policy, enforced beside the built-in ones",
        repeatable: true,
      },
      {
        flags: '--data <table>',
        summary: 'CSV to test fields against a protected attribute; used for that only',
      },
      { flags: '--attribute <column>', summary: 'column of the table that holds the attribute' },
      {
        flags: '--stands-for <attribute>',
        summary: 'which protected attribute that is, to sign what was found for charters',
        choices: protectedAttributes,
      },
      { flags: '--key <file>', summary: 'private key (PEM) of whoever makes the test' },
      { flags: '-o, --output <file>', summary: 'where the signed tests go; it must not exist yet' },
      on,
    ],
    examples: [
      { line: 'tidewaiter governance check', summary: 'the uses of this software' },
      { line: 'tidewaiter governance check --charter screening.yaml', summary: "an agency's own" },
      {
        line: 'tidewaiter governance check --data sample.csv --attribute ethnicity',
        summary: 'whether a field stands for it',
      },
      {
        line: 'tidewaiter governance check --data sample.csv --attribute group --stands-for ethnicity --key tester.pem -o tests.json',
        summary: 'the same, signed for proxyTests of a charter',
      },
    ],
    run: async (_, options, io) =>
      (await import('./check-run.ts')).checkGovernance(options, io, await charters()),
  };
}

/**
 * `tidewaiter governance`.
 * @param more commands that uses and the assembled program bring to the group.
 */
export function governance(charters: FindCharters, more: readonly CommandSpec[]): CommandSpec {
  const inventory: CommandSpec = {
    name: 'inventory',
    summary: 'Read, check and write federal AI use case inventories',
    arguments: [],
    options: [],
    examples: [],
    subcommands: [importCommand, checkInventoryCommand, exportCommand(charters)],
    run: () => Promise.reject(whichOne('governance inventory')),
  };
  return {
    name: 'governance',
    summary: 'Check uses of AI against written rules, and report them',
    arguments: [],
    options: [],
    examples: [{ line: 'tidewaiter governance check', summary: 'whether charters keep the rules' }],
    subcommands: [checkCommand(charters), inventory, acceptCommand, modelCommand, ...more],
    run: () => Promise.reject(whichOne('governance')),
  };
}

function whichOne(group: string): TidewaiterError {
  return new TidewaiterError(
    'E_USAGE',
    `tidewaiter ${group} is several commands`,
    `See tidewaiter ${group} --help.`,
  );
}
