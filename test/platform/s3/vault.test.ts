import { test } from 'node:test';
import { passThere } from '../run-tests.ts';
import { OBJECTS_IN } from '../vault-parts.ts';

test('vault: a vault in a bucket does what one on a disk does', () =>
  passThere(['src/platform/vault/vault.test.ts'], { [OBJECTS_IN]: 's3' }, 120));
