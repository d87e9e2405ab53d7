import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { planJsonSchema } from '../src/uses/redaction/plan.ts';

/** Writes docs/plan.schema.json, the redaction plan's JSON Schema, from the schema that the code checks plans with. */

const target = new URL('../docs/plan.schema.json', import.meta.url).pathname;
const config = await resolveConfig(target);
await writeFile(target, await format(JSON.stringify(planJsonSchema()), { ...config, parser: 'json' }));
process.stdout.write(`${target}\n`);
