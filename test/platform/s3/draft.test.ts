import { test } from 'node:test';
import { passThere } from '../run-tests.ts';
import { OBJECTS_IN } from '../vault-parts.ts';

test('drafts: a vault in a bucket does what one on a disk does', () =>
  passThere(['src/platform/vault/draft.test.ts'], { [OBJECTS_IN]: 's3' }, 120));
