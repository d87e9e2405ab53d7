import { ServiceRunner } from '../../src/platform/services/runner.ts';
import { openDatabase, type ConnectionSettings } from '../../src/platform/store/database.ts';
import { times, watching } from './service-parts.ts';

/** A process that runs services and tells its parent. It ends with its parent. */
const connection = JSON.parse(process.argv[2] ?? '') as ConnectionSettings;
const db = openDatabase({ ...connection, connections: 4 }, () => undefined);
const kind = watching(db, (told) => process.send?.(told));
ServiceRunner.start({ connection, kinds: [kind], capacity: 20, onError: () => undefined, times });
process.on('disconnect', () => process.exit());
