import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256File } from '../../core/digest.ts';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';

const side = z.number().min(0).max(1e6);
const file = z
  .string()
  .min(1)
  .refine((name) => !/^[/\\]|\0/.test(name) && !name.split(/[/\\]/).includes('..'), {
    error: 'a file lies in the folder of the set',
  });
const detectionItem = z.strictObject({
  file,
  truth: z.array(
    z.strictObject({
      class: z.string().min(1),
      /** Left, top, width, height in pixels of the picture as displayed. */
      box: z.tuple([side, side, side.positive(), side.positive()]),
    }),
  ),
});
const comparisonItem = z.strictObject({ probe: file, reference: file, mated: z.boolean() });

/** `set.json` of a set: what is shown, and what is true of it. */
export const setSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    schema: z.literal(1),
    name: z.string().min(1).max(200),
    kind: z.literal('detection'),
    items: z.array(detectionItem).min(1).max(100_000),
  }),
  z.strictObject({
    schema: z.literal(1),
    name: z.string().min(1).max(200),
    kind: z.literal('comparison'),
    items: z.array(comparisonItem).min(1).max(1_000_000),
  }),
]);
export type TestSet = z.infer<typeof setSchema>;

/** SHA-256 of every file of a set by name, `set.json` with the truth among them. */
export type SetFiles = Readonly<Record<string, string>>;

export const setFile = 'set.json';

/** @throws TidewaiterError `E_ACCEPT_SET` naming what does not fit. */
export async function readSet(folder: string): Promise<TestSet> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(folder, setFile), 'utf8'));
  } catch (error) {
    throw bad(`${join(folder, setFile)} cannot be read (${systemCode(error) ?? 'it is no JSON'})`);
  }
  const parsed = check(setSchema, json);
  if (parsed.success) return parsed.data;
  const { place, what } = misfitOf(parsed.error);
  throw bad(`${setFile} does not fit at ${place || 'the top'}: ${what}`);
}

/** Digests of all that a set consists of. @throws TidewaiterError `E_ACCEPT_SET` naming the file. */
export async function digestSet(folder: string, set: TestSet): Promise<SetFiles> {
  const names = new Set([setFile, ...set.items.flatMap(filesOf)]);
  const digests: Record<string, string> = {};
  for (const name of [...names].sort()) digests[name] = await digestOf(folder, name);
  return digests;
}

async function digestOf(folder: string, name: string): Promise<string> {
  const path = resolve(folder, name);
  if (!path.startsWith(`${resolve(folder)}${sep}`)) throw bad(`${name} lies outside the set`);
  return sha256File(path).catch((error: unknown) => {
    throw bad(`${name} of the set cannot be read (${systemCode(error) ?? 'unknown reason'})`);
  });
}

/**
 * A picture that cannot be read would end a vendor's only run through no fault of the vendor.
 * @throws TidewaiterError `E_ACCEPT_SET` naming the file.
 */
export async function checkPictures(folder: string, { items }: TestSet): Promise<void> {
  for (const name of new Set(items.flatMap(filesOf)))
    // Read whole and drawn small, which costs less.
    await sharp(join(folder, name))
      .resize(16, 16, { fit: 'inside' })
      .raw()
      .toBuffer()
      .catch((error: unknown) => {
        throw bad(`${name} of the set is no picture that can be read (${(error as Error).message})`);
      });
}

function filesOf(item: TestSet['items'][number]): string[] {
  return 'file' in item ? [item.file] : [item.probe, item.reference];
}

/**
 * What is committed to before anybody is tested. With the salt, 32 random bytes that stay in the lab, nobody can guess what is in
 * a set from it, and once the salt is told, everybody can check it.
 */
export function commitmentOf(salt: Buffer, files: SetFiles): string {
  return createHmac('sha256', salt).update(canonicalJson(files)).digest('hex');
}

/** The name under which a vendor sees an item: different for each vendor, and without the salt it tells nothing. */
export function opaqueId(salt: Buffer, vendor: string, item: number): string {
  return createHmac('sha256', salt).update(`item ${vendor} ${item}`).digest('hex').slice(0, 32);
}

/** Items in the order in which a vendor sees them: that of their opaque names, so it is as good as random. */
export function blindOrder(
  salt: Buffer,
  vendor: string,
  count: number,
): { readonly id: string; readonly item: number }[] {
  return Array.from({ length: count }, (_, item) => ({ id: opaqueId(salt, vendor, item), item })).sort(
    (a, b) => (a.id < b.id ? -1 : 1),
  );
}

function bad(message: string): TidewaiterError {
  return new TidewaiterError('E_ACCEPT_SET', message, 'Correct the set as docs/acceptance.md describes it.');
}
