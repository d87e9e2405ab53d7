import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { masterKeyFile } from '../../platform/secrets/file-master-key.ts';
import { readKeyFile, type KeptKey } from '../../platform/secrets/key-file.ts';
import { damaged } from './read-parts.ts';

const name = z.string().regex(/^[a-z_][a-z0-9_]*$/);

const manifestSchema = z.object({
  format: z.literal('tidewaiter-backup-1'),
  /** Of Tidewaiter. */
  version: z.string(),
  madeAt: z.iso.datetime(),
  /** Names of the steps of the schema that were taken. */
  schema: z.array(z.string()),
  /** In an order in which each comes after those that it refers to. */
  tables: z.array(
    z.object({
      name,
      columns: z.array(name),
      rows: z.int().min(0),
      /** `bound` as PostgreSQL writes it: `FOR VALUES FROM (...) TO (...)`. */
      partitions: z.array(z.object({ name, bound: z.string() })),
    }),
  ),
  sequences: z.array(z.object({ table: name, column: name, last: z.string(), called: z.boolean() })),
  objects: z.int().min(0),
  /** Objects that the vault had lost when the backup was made. */
  lost: z.int().min(0),
  /** Objects that were left in their bucket. */
  left: z.int().min(0).default(0),
  /** All parts before this one; see `PartsTally`. */
  parts: z.int(),
  bytes: z.int(),
  digest: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * A manifest with a MAC under a key that follows from the oldest master key: nobody without the passphrase of the backup
 * can change a part and make it look whole.
 */
export async function sealManifest(dataFolder: string, manifest: Manifest): Promise<string> {
  const [oldest] = (await readKeyFile(masterKeyFile(dataFolder))) ?? [];
  if (oldest === undefined) throw new TypeError('the master keys went away during the backup');
  const text = JSON.stringify(manifest);
  return `${text}\n${mac(oldest, text).toString('hex')}\n`;
}

/**
 * @param dataFolder where the master keys of the backup are.
 * @throws TidewaiterError `E_BACKUP_DAMAGED`.
 */
export async function openManifest(dataFolder: string, sealed: string): Promise<Manifest> {
  const keys = (await readKeyFile(masterKeyFile(dataFolder))) ?? [];
  const [text = '', claimed = ''] = sealed.split('\n');
  const given = Buffer.from(claimed, 'hex');
  const genuine = keys.some((key) => given.length === 32 && timingSafeEqual(mac(key, text), given));
  if (!genuine) throw damaged('its manifest was changed');
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw damaged('its manifest is of another version of Tidewaiter');
}

function mac({ key }: KeptKey, text: string): Buffer {
  const secret = hkdfSync('sha256', Buffer.from(key, 'base64'), '', 'tidewaiter backup manifest', 32);
  return createHmac('sha256', Buffer.from(secret)).update(text).digest();
}
