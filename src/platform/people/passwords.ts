import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { TidewaiterError } from '../../core/errors.ts';
import { commonPasswords } from './common-passwords.ts';

const deriveKey = promisify(pbkdf2);

/** How passwords are kept: argon2id, or PBKDF2 under the FIPS profile. */
export type PasswordKind = 'argon2id' | 'pbkdf2';

/** OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1. */
const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
/** The same source: at least 210,000 for HMAC-SHA-512. The salt is as long as NIST SP 800-132 asks. */
const pbkdf2Iterations = 220_000;
const pbkdf2Salt = 16;
const pbkdf2Length = 64;

const shortest = 12;
const longest = 256;

/**
 * The rules for a new password (NIST SP 800-63B): 12 to 256 characters of any kind, neither the login nor a common one.
 * @throws TidewaiterError `E_PASSWORD`.
 */
export function checkPassword(password: string, login: string): void {
  const text = tooLong(password) ? undefined : normal(password);
  const length = text === undefined ? Infinity : [...text].length;
  if (text === undefined || length < shortest || length > longest) {
    throw passwordError(
      `A password has ${shortest} to ${longest} characters`,
      'Choose another; a sentence is easy to remember.',
    );
  }
  const folded = text.toLowerCase();
  if (folded === normal(login).toLowerCase()) {
    throw passwordError('The password is the login', 'Choose another; a sentence is easy to remember.');
  }
  if (commonPasswords.has(folded)) {
    throw passwordError(
      'That password is one of those that are tried first',
      'Choose one that nobody else would think of.',
    );
  }
}

/** A PHC string with a new salt: `$argon2id$v=19$m=...` or `$pbkdf2-sha512$i=...`. */
export async function hashPassword(password: string, kind: PasswordKind): Promise<string> {
  if (kind === 'argon2id') return hash(normal(password), argon2);
  const salt = randomBytes(pbkdf2Salt);
  const key = await deriveKey(normal(password), salt, pbkdf2Iterations, pbkdf2Length, 'sha512');
  return pbkdf2String(pbkdf2Iterations, salt, key);
}

/**
 * Whether a password is the one that was hashed.
 * @param kind in use now: under `pbkdf2` nothing else is computed, under `argon2id` both are.
 * @throws TidewaiterError `E_PASSWORD_FIPS` for an argon2 hash under `pbkdf2`.
 */
export async function verifyPassword(password: string, stored: string, kind: PasswordKind): Promise<boolean> {
  const parts = parsePbkdf2(stored);
  if (parts === undefined && kind === 'pbkdf2') {
    throw new TidewaiterError(
      'E_PASSWORD_FIPS',
      'This password was stored with argon2id, which the FIPS profile does not allow',
      'Have an administrator set a new password.',
    );
  }
  if (tooLong(password)) return false;
  if (parts === undefined) return verify(stored, normal(password));
  const { iterations, salt, key } = parts;
  return timingSafeEqual(await deriveKey(normal(password), salt, iterations, key.length, 'sha512'), key);
}

/** Whether a hash should be replaced by a new one now that the password is at hand. */
export function needsRehash(stored: string, kind: PasswordKind): boolean {
  const parts = parsePbkdf2(stored);
  if (kind === 'pbkdf2') return parts === undefined || parts.iterations < pbkdf2Iterations;
  if (parts !== undefined) return true;
  const { memoryCost, timeCost } = parseOptions(stored);
  return memoryCost < argon2.memoryCost || timeCost < argon2.timeCost;
}

/** Whether {@link verifyPassword} would compute this hash at all. */
export function isAllowed(stored: string, kind: PasswordKind): boolean {
  return kind === 'argon2id' || parsePbkdf2(stored) !== undefined;
}

/**
 * A hash that no password has, verified where there is none, so that an unknown login takes as long as a wrong password.
 */
export function decoyHash(kind: PasswordKind): string {
  if (kind === 'pbkdf2') {
    return pbkdf2String(pbkdf2Iterations, Buffer.alloc(pbkdf2Salt), Buffer.alloc(pbkdf2Length));
  }
  const { memoryCost, timeCost, parallelism, outputLen } = argon2;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${base64(Buffer.alloc(16))}$${base64(Buffer.alloc(outputLen))}`;
}

/** SP 800-63B: the same password must come out the same from every keyboard. */
function normal(password: string): string {
  return password.normalize('NFKC');
}

/** Said before anything is computed of it: no character takes more than two units, and few become several. */
function tooLong(password: string): boolean {
  return password.length > 4 * longest;
}

function passwordError(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_PASSWORD', message, remedy);
}

interface Pbkdf2Parts {
  readonly iterations: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

function parsePbkdf2(stored: string): Pbkdf2Parts | undefined {
  const match = /^\$pbkdf2-sha512\$i=(\d{1,9})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored);
  if (match === null) return undefined;
  const [, iterations = '', salt = '', key = ''] = match;
  return {
    iterations: Number(iterations),
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

function pbkdf2String(iterations: number, salt: Buffer, key: Buffer): string {
  return `$pbkdf2-sha512$i=${iterations}$${base64(salt)}$${base64(key)}`;
}

/** Without padding, as PHC strings have it. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
