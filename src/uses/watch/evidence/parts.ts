import { z } from 'zod';
import type { Alert, Incident } from '../alert.ts';

/** Entries of the ledger, each with the hashes that prove it to be under a signed head (RFC 6962). */
export const ledgerProofsSchema = z.strictObject({
  /** The signed note over the tree; see docs/ledger.md. */
  head: z.string(),
  /** Public keys (PEM) that may have signed it. */
  keys: z.array(z.string()),
  entries: z.array(
    z.strictObject({
      index: z.int().min(0),
      event: z.record(z.string(), z.unknown()),
      /** Base64. */
      proof: z.array(z.string()),
    }),
  ),
});
export type LedgerProofs = z.infer<typeof ledgerProofsSchema>;

/** A file to put into a package, by its path or as its bytes. */
export type EvidenceFile = { readonly path: string } | { readonly bytes: Uint8Array };

/** The clip as it was recorded (see docs/recording.md), or why there is none. */
export type EvidenceClip =
  | {
      readonly path: string;
      /** Of the file when it was recorded, hex. */
      readonly sha256: string;
      /** What it shows: what was asked for, where it begins, what is missing. */
      readonly about: object;
    }
  | { readonly absent: string };

/** All that is known about an alert. Plain data of JSON throughout. */
export interface EvidenceParts {
  readonly alert: Alert;
  readonly incident?: Incident;
  readonly clip: EvidenceClip;
  /** File names (letters, digits, `.`, `-`, `_`) and pictures. */
  readonly snapshots: Readonly<Record<string, EvidenceFile>>;
  /** Observations of the tracks, as they were stored. */
  readonly tracks: readonly object[];
  /** The rule and the state of the calendar at that time. */
  readonly rule: object;
  readonly calendar: object;
  readonly models: readonly { readonly id: string; readonly digest: string; readonly version?: string }[];
  /** What people decided so far, with their reasons. */
  readonly decisions: readonly object[];
  readonly ledger: LedgerProofs;
  /** Ids by which the ledger's entries name the alert; the alert's and its incident's own when not given. */
  readonly subjects?: readonly string[];
}

/** `package.json` of a package: what it is, and what it is about. */
export const aboutSchema = z.strictObject({
  format: z.literal('tidewaiter-evidence/1'),
  alert: z.string(),
  incident: z.string().nullable(),
  camera: z.string(),
  /** Wall time of the alert, ISO 8601 in UTC. */
  at: z.iso.datetime(),
  madeAt: z.iso.datetime(),
  software: z.string(),
  clip: z.union([
    z.strictObject({ sha256: z.string(), about: z.record(z.string(), z.unknown()) }),
    z.strictObject({ absent: z.string() }),
  ]),
  models: z.array(z.strictObject({ id: z.string(), digest: z.string(), version: z.string().optional() })),
  subjects: z.array(z.string()),
});
export type AboutPackage = z.infer<typeof aboutSchema>;

/** Names of files in a package that are looked up by it. */
export const names = {
  readme: 'README.txt',
  about: 'package.json',
  clip: 'clip.mp4',
  ledger: 'ledger.json',
  key: 'key.pem',
  sums: 'SHA256SUMS',
  signature: 'SHA256SUMS.sig',
} as const;
