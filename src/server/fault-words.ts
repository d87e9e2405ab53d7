import pg from 'pg';
import { systemCode, TidewaiterError } from '../core/errors.ts';

/**
 * What the log says of a fault that is ours to mend: of what kind it is and where it arose. What the database or a library says
 * in its messages may hold what the caller sent, such as a name.
 */
export function faultInWords(error: unknown): string {
  if (error instanceof TidewaiterError && error.code !== 'E_INTERNAL')
    return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return typeof error;
  if (error instanceof TidewaiterError)
    return ['E_INTERNAL in a worker', frameIn(String(error.cause))].join(' ').trim();
  const { table = undefined, constraint = undefined } = error instanceof pg.DatabaseError ? error : {};
  const said = String(error);
  const frame = error.stack?.startsWith(said) === true ? frameIn(error.stack.slice(said.length)) : undefined;
  return [
    error.name === 'error' ? error.constructor.name : error.name,
    systemCode(error),
    table === undefined ? undefined : `table ${table}`,
    constraint === undefined ? undefined : `constraint ${constraint}`,
    frame,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** Where it arose: the first frame of a stack. */
function frameIn(stack: string): string | undefined {
  return /^\s*(at .+)$/m.exec(stack)?.[1];
}
