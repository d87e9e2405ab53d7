import { basename } from 'node:path';
import type { CommandIo, CommandOptions } from '../../../core/command.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import type { redactFile } from '../job.ts';
import { builtInReasonTables } from '../reasons.ts';
import { caseNamed, newCase, siteFor } from './case.ts';
import { redactAt } from './redact.ts';
import { Talk } from './talk.ts';
import type { Place } from './way-in.ts';

/** Options that mean the same at a platform. */
const taken: ReadonlySet<string> = new Set(['output', 'profile', 'reasons', 'force', 'as', 'case', 'site']);

/** What the command line was asked, as far as a platform is concerned. */
export interface RemoteOptions {
  readonly reasons?: string | undefined;
  readonly case?: string | undefined;
  readonly site?: string | undefined;
}

/**
 * Says where the work is done, and hands over what redacts there; a case is opened for the first file, unless one was named.
 * @param given the options as they were given, all of them.
 * @param usual what options have by themselves.
 * @throws TidewaiterError `E_PLATFORM_OPTION` for an option that the platform's job does not take.
 */
export async function redactingAt(
  place: Place,
  {
    inputs,
    options,
    given,
    usual,
  }: {
    readonly inputs: readonly string[];
    readonly options: RemoteOptions;
    readonly given: CommandOptions;
    readonly usual: CommandOptions;
  },
  io: CommandIo,
): Promise<typeof redactFile> {
  const { reasons } = options;
  refuseUntaken(given, usual, reasons);
  const tell = async (line: string): Promise<void> => io.stderr.write(`${line}\n`);
  // Whoever is not there when the work begins is not waited for.
  const first = new Talk({ address: place, signal: io.signal, tell, patienceMs: 0 });
  const named = options.case === undefined ? undefined : await caseNamed(first, options.case, options.site);
  const site = named?.site ?? (await siteFor(first, options.site));
  await (io.json ? io.emit('platform', { url: place.url }) : tell(`At the platform ${place.url}`));
  const talk = new Talk({ address: place, signal: io.signal, tell });
  const begin = async (): Promise<string> => {
    const { id, title } = named ?? (await newCase(talk, site, titleOf(inputs)));
    await (io.json ? io.emit('case', { case: id, title }) : tell(`In case ${id} (${title})`));
    return id;
  };
  // A file that cannot be redacted, or is done already, is no reason to open a case.
  let caseId: Promise<string> | undefined;
  return redactAt(talk, {
    caseId: () => (caseId ??= begin()),
    tell,
    ...(reasons === undefined ? {} : { reasons }),
  });
}

function refuseUntaken(given: CommandOptions, usual: CommandOptions, reasons: string | undefined): void {
  const more = Object.keys(given).find(
    (key) => !taken.has(key) && given[key] !== undefined && given[key] !== usual[key],
  );
  if (more !== undefined)
    throw new TidewaiterError(
      'E_PLATFORM_OPTION',
      `The platform’s redaction does not take ${flagOf(more, given[more])}`,
      'Leave it away, or work without the platform with --alone.',
    );
  if (reasons !== undefined && !builtInReasonTables.includes(reasons))
    throw new TidewaiterError(
      'E_PLATFORM_OPTION',
      'The platform’s redaction does not take a table of reasons from a file',
      `Use one of ${builtInReasonTables.join(', ')}, or work without the platform with --alone.`,
    );
}

function flagOf(key: string, value: CommandOptions[string]): string {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return value === false ? `--no-${name}` : `--${name}`;
}

function titleOf([first = '', ...others]: readonly string[]): string {
  return `Redaction of ${basename(first)}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
