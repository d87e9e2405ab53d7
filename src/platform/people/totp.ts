import { createHmac, timingSafeEqual } from 'node:crypto';
import { toBase32 } from './base32.ts';

/** SHA-1 is what every authenticator app knows; SHA-256 for the FIPS profile, which some apps do not know. */
export type TotpAlgorithm = 'sha1' | 'sha256';

const stepSeconds = 30;
/** Steps that a clock may be off, either way. */
const tolerance = 1;

/** The step of 30 s that a time falls into (RFC 6238). */
export function totpStep(at: Date): number {
  return Math.floor(at.getTime() / 1000 / stepSeconds);
}

/** The six digits for a step (RFC 6238 over RFC 4226, 5.3). */
export function totpCode(secret: Buffer, step: number, algorithm: TotpAlgorithm): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

/**
 * The step that a code is of, one step of clock error either way. Each step is good for one code.
 * @param lastStep of the last code accepted from this secret; it and all before are refused.
 * @returns what to keep as `lastStep`, or undefined when the code is not accepted.
 */
export function acceptedStep(
  secret: Buffer,
  algorithm: TotpAlgorithm,
  code: string,
  now: Date,
  lastStep: number,
): number | undefined {
  const given = Buffer.from(code.replaceAll(/\s/g, ''));
  let accepted: number | undefined;
  for (let step = totpStep(now) - tolerance; step <= totpStep(now) + tolerance; step++) {
    const wanted = Buffer.from(totpCode(secret, step, algorithm));
    const same = given.length === wanted.length && timingSafeEqual(given, wanted);
    if (same && step > lastStep) accepted ??= step;
  }
  return accepted;
}

/** What the QR code says to an authenticator app (the Key URI format). */
export function otpauthUri(secret: Buffer, algorithm: TotpAlgorithm, login: string): string {
  const label = `Tidewaiter:${encodeURIComponent(login)}`;
  const parameters = [
    `secret=${toBase32(secret)}`,
    'issuer=Tidewaiter',
    `algorithm=${algorithm.toUpperCase()}`,
    'digits=6',
    `period=${stepSeconds}`,
  ];
  return `otpauth://totp/${label}?${parameters.join('&')}`;
}
