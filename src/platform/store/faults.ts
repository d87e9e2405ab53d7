import pg from 'pg';
import { systemCode, TidewaiterError, toErrorReport, type ErrorReport } from '../../core/errors.ts';

/** A rule that stands in the schema refused in words for people: the code in the detail, what to do in the hint. */
export function ruleOfSchema(fault: unknown): TidewaiterError | undefined {
  if (!(fault instanceof pg.DatabaseError) || fault.code !== RULE_OF_SCHEMA) return undefined;
  return new TidewaiterError(
    fault.detail ?? 'E_FORBIDDEN',
    fault.message,
    fault.hint ?? 'Ask who oversees this.',
  );
}

/**
 * What people are told of a fault. One that is ours to mend (`E_INTERNAL`, from a worker too) is told without its inside, which
 * may hold what they must not see.
 * @param remedy of such a one.
 */
export function reportFault(fault: unknown, remedy: string): ErrorReport {
  const error = ruleOfSchema(fault) ?? fault;
  if (error instanceof TidewaiterError && error.code !== 'E_INTERNAL') return toErrorReport(error);
  const code = systemCode(error);
  if (code === UNIQUE_VIOLATION)
    return { code: 'E_EXISTS', message: 'There is one like it already', remedy: 'Choose another name.' };
  if (code === DISK_FULL)
    return {
      code: 'E_NO_SPACE',
      message: 'The disk of the database is full',
      remedy: 'Nothing was changed. Tell who runs this server.',
    };
  if (isDatabaseGone(error, code))
    return {
      code: 'E_UNAVAILABLE',
      message: 'The database does not answer at the moment',
      remedy: 'Nothing was changed. Try again in a minute.',
    };
  const report = toErrorReport(error);
  return report.code === 'E_INTERNAL'
    ? { ...report, message: 'Something went wrong inside', remedy }
    : report;
}

/** Raised by functions of the schema; of no class that PostgreSQL uses. */
const RULE_OF_SCHEMA = 'TW001';
/** Of PostgreSQL. */
const UNIQUE_VIOLATION = '23505';
const DISK_FULL = '53100';

const goneCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  // PostgreSQL: connection failures, administrator shutdown, crash shutdown, cannot connect now, too many connections.
  '08000',
  '08003',
  '08006',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

function isDatabaseGone(error: unknown, code: string | undefined): boolean {
  if (!(error instanceof Error)) return false;
  if (code !== undefined && goneCodes.has(code)) return true;
  // Its socket is gone; any other file that is missing is something else.
  if (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') return true;
  return /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(error.message);
}
