import { test } from 'node:test';
import { passThere } from '../run-tests.ts';
import { OBJECTS_IN } from '../vault-parts.ts';

test('rewrap: a vault in a bucket does what one on a disk does', () =>
  passThere(['src/platform/vault/rewrap.test.ts'], { [OBJECTS_IN]: 's3' }, 120));
