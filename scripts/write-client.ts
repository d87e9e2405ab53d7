import { writeFileSync } from 'node:fs';
import { currentClient } from '../test/platform/current-client.ts';

/** Writes src/client/operations.ts anew; a test says when that is due. */
writeFileSync(new URL('../src/client/operations.ts', import.meta.url), await currentClient());
