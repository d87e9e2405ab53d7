import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, test } from 'node:test';
import { agencyPostgres, needs, projectRoot } from '../needs.ts';
import { databaseTests } from './database-tests.ts';
import { passThere } from './run-tests.ts';

/** What goes through a whole server or several parts, from each folder of such tests. */
const flows: readonly (readonly [what: string, files: readonly string[]])[] = [
  ['every route as every role', ['test/platform/attack/access.test.ts']],
  ['from the first sign-in to a redacted file', ['test/platform/serve.test.ts']],
  ['people and their keys', ['test/platform/people/passkeys.test.ts']],
  ['uploads and webhooks', ['test/platform/uploads/*.test.ts']],
  ['proxies', ['test/platform/proxies/flow.test.ts']],
  ['housekeeping and metrics', ['test/platform/{housekeeping,metrics}.test.ts']],
  ['backup', ['test/platform/ops/{agency-backup,copy}.test.ts']],
  ['a server that is killed', ['test/platform/attack/lost-server.test.ts']],
  [
    'permits and the ledger',
    ['test/governance/{permits,permits-jobs}.test.ts', 'test/platform/attack/ledger.test.ts'],
  ],
  ['offices and officers', ['test/governance/{oversight,enforcement,training}.test.ts']],
  ['reviews of redactions', ['test/redaction/review/review.test.ts']],
  ['cameras and alerts', ['test/watch/platform/{service,workflow}.test.ts']],
  ['what was learned from dismissals', ['test/watch/learning-platform.test.ts']],
  ['channels', ['test/watch/outputs/channels.test.ts']],
];

/** Folders that add nothing here: the same server behind a browser, a bucket or a live stream, and faults of the machine. */
const elsewhere = ['test/console', 'test/platform/s3', 'test/live', 'test/platform/faults'];

describe('on the oldest PostgreSQL that an agency may have', () => {
  test('no folder of tests is forgotten', () => {
    const chosen = flows.flatMap(([, patterns]) =>
      patterns.flatMap((one) => globSync(one, { cwd: projectRoot })),
    );
    const covered = new Set([...chosen.map((file) => dirname(file)), ...elsewhere]);
    const folders = new Set(databaseTests().map((file) => dirname(file)));
    assert.deepEqual(
      [...folders].filter((folder) => folder.startsWith('test/') && !covered.has(folder)),
      [],
    );
  });

  for (const [what, patterns] of flows)
    test(what, async (t) => {
      if (!needs(t, 'postgresql-15')) return;
      await passThere(patterns, { TIDEWAITER_TEST_POSTGRES: agencyPostgres }, 240);
    });
});
