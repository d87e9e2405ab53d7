import type { Jobs } from './jobs/jobs.ts';
import type { JobKind } from './jobs/kind.ts';
import type { PeopleSettings } from './people/settings.ts';
import type { Seals } from './secrets/seals.ts';
import type { SecretBox } from './secrets/secret-box.ts';
import type { KeptSigningKey, VerifyKey } from './secrets/signing-keys.ts';
import type { Settings } from './settings/settings.ts';
import type { Database } from './store/database.ts';
import type { Vault } from './vault/vault.ts';

/** What uses and routes are given: the running platform. */
export interface Platform {
  readonly settings: Settings;
  readonly people: PeopleSettings;
  readonly secrets: SecretBox;
  readonly keys: PlatformKeys;
  readonly db: Database;
  readonly vault: Vault;
  readonly jobs: Jobs;
  /** Kinds of jobs by the name of their queue. */
  readonly kinds: ReadonlyMap<string, JobKind>;
  /** Names of the uses that this version has. */
  readonly uses: readonly string[];
  /** Kinds of findings that a use decides by routes of its own, with what to do there. */
  readonly ownFindings: ReadonlyMap<string, string>;
  now(): Date;
}

/** Keys that this installation signs with, one for each purpose: `ledger`, `permits`, ... */
export interface PlatformKeys {
  /** The key that signs now; made when it is asked for first. */
  signing(purpose: string): Promise<KeptSigningKey>;
  /** All keys that ever signed, newest first. */
  verifying(purpose: string): Promise<VerifyKey[]>;
  /** Of rows that permits rest on. */
  readonly seals: Seals;
}
