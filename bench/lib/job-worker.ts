import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { openDatabase, type ConnectionSettings } from '../../src/platform/store/database.ts';
import { benchJob } from './job-kind.ts';

/** A worker process: takes up jobs once it is told to. */
const connection = JSON.parse(process.argv[2] ?? '') as ConnectionSettings;
const db = openDatabase({ ...connection, connections: 2 }, () => undefined);
const jobs = await Jobs.start({ connection, db, kinds: [benchJob], onError: () => undefined });
process.once('message', () => void jobs.work());
process.send?.('ready');
