import pg from 'pg';
import { systemCode, TidewaiterError } from '../core/errors.ts';

/**
 * What the log says of a fault that is ours to mend: of what kind it is and where it arose. What the database or a library says
 * in its messages may hold what the caller sent, such as a name.
 */
export function faultInWords(error: unknown): string {
  if (error instanceof TidewaiterError) return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return typeof error;
  const { table = undefined, constraint = undefined } = error instanceof pg.DatabaseError ? error : {};
  const said = String(error);
  const [, frame] = error.stack?.startsWith(said) === true ? error.stack.slice(said.length).split('\n') : [];
  return [
    error.name === 'error' ? error.constructor.name : error.name,
    systemCode(error),
    table === undefined ? undefined : `table ${table}`,
    constraint === undefined ? undefined : `constraint ${constraint}`,
    frame?.trim(),
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}
