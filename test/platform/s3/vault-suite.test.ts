import { keepObjectsIn } from '../vault-parts.ts';
import { bucketStore } from './bucket.ts';

keepObjectsIn(bucketStore);
await import('../../../src/platform/vault/vault.test.ts');
