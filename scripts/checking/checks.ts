import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';

/** A check of the source as a whole. */
export interface Check {
  readonly name: string;
  /** A program of node_modules, by the module that Node runs. */
  readonly module: string;
  readonly args: readonly string[];
}

const rooms = ['src', 'web', 'material', 'bench', 'test', 'scripts'];

/** The checks, longest first. */
export function checks(): Check[] {
  const present = new Set(readdirSync('.'));
  return [
    { name: 'lint', module: 'node_modules/eslint/bin/eslint.js', args: ['--max-warnings=0', '.'] },
    { name: 'types', module: 'node_modules/typescript/bin/tsc', args: ['--noEmit', '--pretty', 'false'] },
    {
      name: 'types of the console',
      module: 'node_modules/typescript/bin/tsc',
      args: ['--noEmit', '--pretty', 'false', '--project', 'web/tsconfig.json'],
    },
    {
      name: 'format',
      module: 'node_modules/prettier/bin/prettier.cjs',
      args: ['--check', '--log-level=warn', '.'],
    },
    {
      name: 'imports',
      module: 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      args: ['--config', '.dependency-cruiser.cjs', ...rooms.filter((room) => present.has(room))],
    },
  ];
}

/** Runs one check; resolves with what it printed, or undefined when it found nothing wrong. */
export async function runCheck(check: Check, signal: AbortSignal): Promise<string | undefined> {
  const child = spawn(process.execPath, [check.module, ...check.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  signal.addEventListener('abort', () => child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0 ? undefined : printed.trim();
}
