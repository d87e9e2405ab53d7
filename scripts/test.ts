import { parseArgs } from 'node:util';
import { checks, runCheck } from './checking/checks.ts';
import { prepareMachine } from './checking/debian.ts';
import { runTestFile } from './checking/run-file.ts';
import { Tally } from './checking/tally.ts';
import { findTestFiles, isSlow, selectTestFiles } from './checking/test-files.ts';

/**
 * The test command.
 *
 *     npm test                     everything: types, lint, format, imports, all tests
 *     npm run test:quick           the same without the slow tests
 *     npm test -- src/core tiles   only tests whose path holds one of these words
 */
const { values, positionals: filters } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const atOnce = 2;
const timeoutSeconds = (path: string): number => (isSlow(path) ? 900 : 180);

const say = (line: string): void => console.log(line);
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopped.abort());
}

process.chdir(new URL('..', import.meta.url).pathname);
prepareMachine(say);
const tally = new Tally(say);
const jobs = [
  ...(filters.length > 0 ? [] : checks()).map((check) => async () => {
    tally.addCheck(check.name, await runCheck(check, stopped.signal));
  }),
  ...selectTestFiles(findTestFiles(), { quick: values.quick, filters }).map((path) => async () => {
    tally.addFile(await runTestFile(path, timeoutSeconds(path), stopped.signal));
  }),
];

/** Takes jobs from the list until it is empty or the run was stopped. */
async function work(): Promise<void> {
  for (let job = jobs.shift(); job !== undefined && !stopped.signal.aborted; job = jobs.shift()) await job();
}

await Promise.all(Array.from({ length: atOnce }, work));
const good = tally.conclude(process.env['CI'] !== undefined);
process.exitCode = stopped.signal.aborted ? 130 : good ? 0 : 1;
