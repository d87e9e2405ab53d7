import { test } from 'node:test';
import { passThere } from '../run-tests.ts';
import { OBJECTS_IN } from '../vault-parts.ts';

// What a killed writer leaves differs: killed.test.ts here looks at it.
test('sweep: a vault in a bucket does what one on a disk does', () =>
  passThere(
    ['src/platform/vault/sweep.test.ts'],
    { [OBJECTS_IN]: 's3', NODE_OPTIONS: '--test-skip-pattern=killed' },
    120,
  ));
