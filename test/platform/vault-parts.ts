import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { openMasterKey } from '../../src/platform/secrets/file-master-key.ts';
import type { MasterKey } from '../../src/platform/secrets/master-key.ts';
import type { Database, DatabaseTransaction } from '../../src/platform/store/database.ts';
import type { AssetRole } from '../../src/platform/store/tables.ts';
import { fileStore } from '../../src/platform/vault/file-store.ts';
import type { ObjectStore } from '../../src/platform/vault/object-store.ts';
import type { Stored } from '../../src/platform/vault/seal.ts';
import { createVault, type Vault } from '../../src/platform/vault/vault.ts';

export const person = '00000000-0000-4000-8000-000000000001';
export const site = 'port';

/** What an asset of a test is. */
export interface TestAsset {
  readonly caseId: string;
  readonly derivedFrom?: string;
  readonly role?: AssetRole;
  readonly retention?: string;
  readonly createdAt?: Date;
}

/** A vault in a folder of its own, and a case for its assets. */
export interface TestVault {
  readonly db: Database;
  readonly vault: Vault;
  readonly masterKey: MasterKey;
  readonly objects: ObjectStore;
  readonly folder: string;
  /** The file that holds an object, in a store of either kind. */
  pathOf(object: string): string;
  readonly caseId: string;
  newCase(closedAt?: Date): Promise<string>;
  /** Stores bytes as a new asset. @returns its id. */
  put(bytes: Uint8Array, asset?: Partial<TestAsset>): Promise<string>;
  /** Names of all files below the vault's folder. */
  files(): string[];
}

/** A folder that goes with the tests of this file. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-vault-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The variable that has the vaults of tests keep their objects elsewhere: `s3`. */
export const OBJECTS_IN = 'TIDEWAITER_TEST_OBJECTS';

/** A store of objects, and where it keeps them. */
export type TestStore = Pick<TestVault, 'objects' | 'folder' | 'pathOf' | 'files'>;

function testFiles(): TestStore {
  const folder = join(testFolder(), 'objects');
  return {
    objects: fileStore(folder),
    folder,
    pathOf: (object) => join(folder, object.slice(0, 2), object.slice(2, 4), object),
    files: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
  };
}

async function newStore(): Promise<TestStore> {
  if (process.env[OBJECTS_IN] !== 's3') return testFiles();
  const { bucketStore } = await import('./s3/bucket.ts');
  return bucketStore();
}

/** @param db has the steps `store` and `vault`. */
export async function testVault(db: Database): Promise<TestVault> {
  const store = await newStore();
  const { objects, folder } = store;
  const masterKey = await openMasterKey(join(dirname(folder), 'data'));
  const vault = createVault({ db, masterKey, objects });
  await db.insertInto('sites').values({ id: site, name: 'Port', time_zone: 'UTC' }).execute();
  const newCase = async (closedAt?: Date): Promise<string> => {
    const id = randomUUID();
    const state = closedAt === undefined ? 'open' : 'closed';
    await db
      .insertInto('cases')
      .values({ id, site_id: site, use: 'test', title: 'A case', owner_id: person, state })
      .execute();
    if (closedAt !== undefined) {
      await db.updateTable('cases').set({ closed_at: closedAt }).where('id', '=', id).execute();
    }
    return id;
  };
  const caseId = await newCase();
  return {
    ...{ ...store, db, vault, masterKey, caseId, newCase },
    put: async (bytes, asset = {}) => {
      const id = randomUUID();
      const row = { caseId, ...asset };
      await vault.put(id, pieces(bytes), { maxBytes: Infinity }, (tx, stored) =>
        recordAsset(tx, id, stored, row),
      );
      return id;
    },
  };
}

/** The row of an asset, as whoever stores one writes it. */
export async function recordAsset(
  tx: DatabaseTransaction,
  id: string,
  stored: Stored,
  asset: TestAsset,
): Promise<void> {
  await tx
    .insertInto('assets')
    .values({
      id,
      site_id: site,
      case_id: asset.caseId,
      name: 'clip.mp4',
      media_type: 'video/mp4',
      bytes: stored.bytes,
      sha256: stored.sha256,
      derived_from: asset.derivedFrom ?? null,
      role: asset.role ?? 'original',
      retention: asset.retention ?? 'case',
      legal_hold: false,
      created_by: person,
      ...(asset.createdAt === undefined ? {} : { created_at: asset.createdAt }),
    })
    .execute();
}

/** Bytes as a stream of pieces that do not end where chunks do. */
export async function* pieces(bytes: Uint8Array, size = 60_013): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** All of a stream. */
export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of stream) all.push(piece);
  return Buffer.concat(all);
}
