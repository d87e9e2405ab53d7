export { writeEvidence, type EvidenceOptions } from './write.ts';
export { verifyEvidence, type VerifiedEvidence } from './verify.ts';
export { proveEntries } from './collect.ts';
export type { EvidenceClip, EvidenceFile, EvidenceParts, LedgerProofs } from './parts.ts';
