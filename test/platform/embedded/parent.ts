import { startEmbedded } from '../../../src/platform/embedded/start.ts';
import { formatError, toErrorReport } from '../../../src/core/errors.ts';

/**
 * A program that runs a database on the folder it is given: prints `ready` or the error, stops at SIGTERM, and does not
 * mind Ctrl-C.
 */
const [folder = ''] = process.argv.slice(2);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
process.on('SIGINT', () => undefined);
try {
  const log = (line: string): boolean => process.stderr.write(`${line}\n`);
  const server = await startEmbedded({ folder, log, onFailed: (error) => say(error.message) });
  const stop = async (): Promise<void> => {
    await server.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  say('ready');
} catch (error) {
  say(formatError(toErrorReport(error)));
  process.exitCode = 1;
}
