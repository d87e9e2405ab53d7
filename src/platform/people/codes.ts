import { randomBytes } from 'node:crypto';
import { sha256 } from '../../core/digest.ts';
import { toBase32 } from './base32.ts';

/** A code that a person types once: 80 random bits as `ABCD-EFGH-IJKL-MNOP`. Too many to guess, so a plain hash will do. */
export function newCode(): string {
  return (toBase32(randomBytes(10)).match(/.{4}/g) ?? []).join('-');
}

/** What is kept of a code. Case, spaces and dashes do not matter when it is typed. */
export function codeHash(code: string): string {
  return sha256(code.replaceAll(/[\s-]/g, '').toUpperCase());
}

/** 256 random bits as text for a machine to keep. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}
