import type { ColumnType, Generated } from 'kysely';
import type { ChallengeUse } from './passkey-challenge.ts';
import type { RefusalKind } from './refusals.ts';
import type { ResetKind } from './resets.ts';
import type { Role, Scope } from './roles.ts';
import type { TotpAlgorithm } from './totp.ts';

/** Somebody with an account. Never removed, since decisions name them; disabled instead. */
export interface PeopleTable {
  readonly id: string;
  /** As {@link normalLogin} writes it. */
  readonly login: string;
  name: string;
  /** A PHC string; null for people whom only a provider of identities knows. */
  password: string | null;
  /** Counts changes; hashing the same password anew is none. */
  password_version: Generated<number>;
  disabled_at: Date | null;
  readonly created_at: Date;
}

export interface GrantsTable {
  readonly person_id: string;
  /** Id of a site, or `*`. */
  readonly site: string;
  readonly role: Role;
  readonly granted_at: Date;
}

/** The authenticator app of a person. */
export interface SecondFactorsTable {
  readonly person_id: string;
  /** Wrapped by the master key. */
  secret: Buffer;
  algorithm: TotpAlgorithm;
  /** Of the last code that was accepted: neither it nor an earlier one is accepted again. */
  last_step: number;
  enrolled_at: Date;
}

/** Codes not used so far. */
export interface RecoveryCodesTable {
  readonly person_id: string;
  readonly code_hash: string;
}

export interface SessionsTable {
  readonly id: string;
  readonly token_hash: string;
  readonly person_id: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  /** Last activity, a few seconds behind. */
  seen_at: Date;
  /** When the person last gave the password. */
  proved_at: Date;
  readonly second_factor_at: Date | null;
  banner_at: Date | null;
  /** Wrapped secret that is being enrolled. It belongs to the session, so that nobody else's code can confirm it. */
  enrol_secret: ColumnType<Buffer | null, never, Buffer>;
  enrol_algorithm: ColumnType<TotpAlgorithm | null, never, TotpAlgorithm>;
  /** What a passkey is to sign; base64url. It is taken away as soon as an answer comes. */
  challenge: ColumnType<string | null, never, string | null>;
  challenge_for: ColumnType<ChallengeUse | null, never, ChallengeUse | null>;
  challenge_until: ColumnType<Date | null, never, Date | null>;
  /** From where, and by what device, it was last used. */
  address: ColumnType<string | null, never, string>;
  device: ColumnType<string | null, never, string>;
}

/** A passkey or security key of a person. */
export interface PasskeysTable {
  readonly id: string;
  readonly person_id: string;
  /** Base64url, as the authenticator chose it. */
  readonly credential_id: string;
  /** COSE. */
  readonly public_key: Buffer;
  /** Of COSE: -7 is ES256. */
  readonly algorithm: number;
  /** Signatures so far, as the authenticator counts; 0 for those that do not. */
  counter: number;
  /** Ways to reach it: `usb`, `internal`, ... A hint for browsers. */
  readonly transports: readonly string[];
  /** A copy is kept by whoever made the authenticator, so that it survives the loss of the device. */
  backed_up: boolean;
  readonly name: string;
  readonly created_at: Date;
  used_at: ColumnType<Date | null, never, Date>;
  /** Set when there seems to be a copy. */
  suspended_at: ColumnType<Date | null, never, Date>;
}

export interface UsedChallengesTable {
  readonly challenge_hash: string;
  readonly expires_at: Date;
}

export interface ApiTokensTable {
  readonly id: string;
  readonly token_hash: string;
  readonly person_id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created_at: Date;
  readonly expires_at: Date;
  /** At most a minute behind. */
  used_at: ColumnType<Date | null, never, Date>;
  revoked_at: ColumnType<Date | null, never, Date>;
}

/** Failed sign-ins of a login (known or not) or an address; see lockout.ts. */
export interface SignInCountsTable {
  readonly key: string;
  recent: Date[];
  pauses: number;
  paused_until: Date | null;
  failed_at: Date;
}

export interface RefusalsTable {
  readonly id: Generated<number>;
  readonly kind: RefusalKind;
  readonly address: string;
  readonly person_id: string | null;
  readonly at: Date;
  /** How many the row stands for. */
  count: Generated<number>;
  /** The address, or the network of an IPv6 address, that counts as one. */
  readonly source: Generated<string>;
}

/** Something that an administrator reset for somebody; see resets.ts. */
export interface PersonResetsTable {
  readonly id: string;
  readonly person_id: string;
  readonly what: ResetKind;
  /** Commitment to the words in `ledger_words`. */
  readonly reason: string;
  readonly asked_by: string;
  readonly asked_at: Date;
  /** Of the code that was not used, replaced or ended so far. */
  code_hash: ColumnType<string | null, string | undefined, string | null>;
  readonly expires_at: ColumnType<Date | null, Date | undefined, never>;
  used_at: ColumnType<Date | null, never, Date>;
  /** When the person was next signed in, second factor included. */
  signed_in_at: ColumnType<Date | null, never, Date>;
}

/** One row at most. */
export interface FirstRunTable {
  readonly single: Generated<boolean>;
  code_hash: string;
  expires_at: Date;
}

declare module '../store/tables.ts' {
  interface Tables {
    people: PeopleTable;
    grants: GrantsTable;
    second_factors: SecondFactorsTable;
    recovery_codes: RecoveryCodesTable;
    sessions: SessionsTable;
    api_tokens: ApiTokensTable;
    sign_in_counts: SignInCountsTable;
    refusals: RefusalsTable;
    first_run: FirstRunTable;
    passkeys: PasskeysTable;
    person_resets: PersonResetsTable;
    used_challenges: UsedChallengesTable;
  }
}
