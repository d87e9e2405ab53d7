import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { projectRoot } from '../needs.ts';

/** Runs test files one after the other in other surroundings, and holds that all in them passes. */
export async function passThere(
  patterns: readonly string[],
  surroundings: NodeJS.ProcessEnv,
  seconds: number,
): Promise<void> {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: projectRoot })).sort();
  assert.ok(files.length > 0);
  // With it, the runner below would report to the one above.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, ...surroundings },
    // What hangs must fail, not stay.
    timeout: seconds * 1000,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0, printed);
  const [, passed] = /^ℹ pass (\d+)$/m.exec(printed) ?? [];
  assert.ok(Number(passed) >= files.length, printed);
}
