import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { describe, test } from 'node:test';
import { agencyPostgres, needs, projectRoot } from '../needs.ts';

/** What has to do with the database, by rooms. Durability and recovery of the embedded one are its own affair. */
const rooms: readonly (readonly [what: string, files: readonly string[]])[] = [
  ['schema and observations', ['src/platform/store/*.test.ts']],
  ['jobs, services, ledger', ['src/platform/{jobs,services,ledger}/*.test.ts']],
  ['people and secrets', ['src/platform/{people,secrets}/*.test.ts']],
  ['vault and uploads', ['src/platform/{vault,uploads}/*.test.ts', 'test/platform/uploads/uploads.test.ts']],
  ['every route as every role', ['test/platform/attack/access.test.ts']],
  ['from the first sign-in to a redacted file', ['test/platform/{serve,client}.test.ts']],
  ['a server that is killed', ['test/platform/attack/lost-{server,rendering}.test.ts']],
];

describe('on the oldest PostgreSQL that an agency may have', () => {
  for (const [what, patterns] of rooms)
    test(what, async (t) => {
      if (!needs(t, 'postgresql-15')) return;
      const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: projectRoot })).sort();
      assert.ok(files.length > 0);
      const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
      const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
        cwd: projectRoot,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...environment, TIDEWAITER_TEST_POSTGRES: agencyPostgres },
        // What hangs must fail, not stay.
        timeout: 240_000,
      });
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      assert.equal(code, 0, printed);
      const [, passed] = /^ℹ pass (\d+)$/m.exec(printed) ?? [];
      assert.ok(Number(passed) >= files.length, printed);
    });
});
