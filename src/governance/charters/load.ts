import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import type { z } from 'zod';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';
import { charterSchema, type Charter } from './charter.ts';
import { policySchema, type Policy } from './policy.ts';

/** Larger than any charter that a person wrote. */
const MAX_BYTES = 1_000_000;

/** @throws TidewaiterError `E_CHARTER`, naming the first thing that does not fit. */
export function loadCharter(path: string): Promise<Charter> {
  return load(path, charterSchema, 'E_CHARTER', 'charter');
}

/** @throws TidewaiterError `E_POLICY`, naming the first thing that does not fit. */
export function loadPolicy(path: string): Promise<Policy> {
  return load(path, policySchema, 'E_POLICY', 'policy');
}

/** JSON is YAML too, so one reader takes both. */
async function load<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  code: 'E_CHARTER' | 'E_POLICY',
  what: string,
): Promise<z.output<Schema>> {
  const remedy = 'Correct it as docs/charters.md says.';
  let data: unknown;
  try {
    const found = await stat(path);
    // Opening a pipe that nobody writes to lasts for ever, and no signal ends it.
    if (!found.isFile() && !found.isDirectory())
      throw new TidewaiterError(code, `${path} is not a regular file`, remedy);
    if (found.size > MAX_BYTES) throw new TidewaiterError(code, `${path} is too large for a ${what}`, remedy);
    // Without aliases, since a few of them can grow to gigabytes.
    data = parse(await readFile(path, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof TidewaiterError) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    if (systemCode(error) === 'ENOENT')
      throw new TidewaiterError('E_NOT_FOUND', `There is no file ${path}`, 'Check its name.', {
        cause: error,
      });
    throw new TidewaiterError(code, `${path} cannot be read: ${reason}`, remedy, { cause: error });
  }
  const parsed = check(schema, data);
  if (parsed.success) return parsed.data;
  const { place, what: why } = misfitOf(parsed.error);
  throw new TidewaiterError(code, `${path} is no ${what}: ${place || 'the file'}: ${why}`, remedy);
}
