import { sealRecord } from '../../src/uses/redaction/record/seal.ts';
import { openSigningKey } from '../../src/uses/redaction/record/key-store.ts';

/** Seals the records named on the command line one after the other: `sealer.ts DATA-FOLDER RECORD...`. */
const [dataDir = '', ...records] = process.argv.slice(2);
const key = await openSigningKey(dataDir, () => Promise.resolve('ed25519'));
for (const record of records) await sealRecord({ record, key, now: new Date() });
