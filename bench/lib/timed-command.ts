import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a command ended that may fail, crash or never end. */
export type CommandEnd = 'done' | 'error' | 'crash' | 'hang';

/** Runs a command, silently, and kills it when it takes too long. */
export async function timedCommand(
  command: string,
  args: readonly string[],
  seconds: number,
): Promise<CommandEnd> {
  const child = spawn(command, args, { stdio: 'ignore' });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(timer);
  if (late) return 'hang';
  if (signal !== null) return 'crash';
  return code === 0 ? 'done' : 'error';
}
