import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CommandIo } from '../core/command.ts';
import { TidewaiterError } from '../core/errors.ts';

/** More than any password that is taken. */
const LONGEST_BYTES = 8192;

/**
 * A password from standard input: from a terminal it is asked for twice and not shown, else the first line is taken.
 * @throws TidewaiterError `E_PASSWORD` when there is none, or the two differ; `E_CANCELLED`.
 */
export async function readPassword(io: CommandIo, question: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const password = await ask(io, question);
  if (password === (await ask(io, 'Once more: '))) return password;
  throw new TidewaiterError('E_PASSWORD', 'The two passwords differ', 'Try again.');
}

async function firstLine(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > LONGEST_BYTES || chunk.includes(10)) break;
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/);
  if (line !== '') return line;
  throw new TidewaiterError(
    'E_PASSWORD',
    'There is no password on standard input',
    'Type it when you are asked, or send it in: tidewaiter user ... < FILE',
  );
}

async function ask(io: CommandIo, question: string): Promise<string> {
  await io.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  const stopped = new AbortController();
  terminal.on('SIGINT', () => stopped.abort());
  try {
    return await terminal.question('', { signal: AbortSignal.any([stopped.signal, io.signal]) });
  } catch {
    throw new TidewaiterError('E_CANCELLED', 'No password was given', 'Run the command again.');
  } finally {
    terminal.close();
    await io.stderr.write('\n');
  }
}
