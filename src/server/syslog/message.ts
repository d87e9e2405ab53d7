import { isIP } from 'node:net';

/** Something that whoever watches over the security of a site wants to know, with an id that stays the same from version to version. */
export interface SecurityEvent {
  /** `refused.sign-in`, `session.opened`, or the kind of an entry of the ledger; printable ASCII without spaces. */
  readonly id: string;
  /** Ids, numbers and states; never names, texts or addresses. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface SyslogLine {
  readonly at: Date;
  readonly severity: 'error' | 'warning' | 'notice' | 'info';
  readonly text: string;
  readonly event?: SecurityEvent | undefined;
}

/** RFC 5424, table 1: 3 is system daemons, 10 security and authorization. */
const facility = { daemon: 3, security: 10 } as const;
/** RFC 5424, table 2. */
const severities = { error: 3, warning: 4, notice: 5, info: 6 } as const;
/** Structured data of one's own needs a number of an enterprise; this one is IANA's for examples (RFC 5612). */
const SD_ID = 'tidewaiter@32473';
const BOM = '\uFEFF';

/**
 * A message of RFC 5424.
 * @param longest bytes; text beyond is cut off.
 */
export function syslogMessage(
  { at, severity, text, event }: SyslogLine,
  { host, pid }: { readonly host: string; readonly pid: number },
  longest: number,
): Buffer {
  const priority = 8 * (event === undefined ? facility.daemon : facility.security) + severities[severity];
  const head = [
    `<${priority}>1`,
    at.toISOString(),
    isIP(host) === 0 ? printable(host, 255) : host,
    'tidewaiter',
    String(pid),
    event === undefined ? 'log' : printable(event.id, 32),
    event === undefined ? '-' : structured(event.fields),
  ].join(' ');
  const whole = Buffer.from(`${head} ${BOM}${text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')}`);
  if (whole.length <= longest) return whole;
  let end = longest;
  // Not in the middle of a character: its later bytes all begin with the bits 10.
  while (end > 0 && ((whole[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return whole.subarray(0, end);
}

function structured(fields: Readonly<Record<string, string>>): string {
  const values = Object.entries(fields).map(
    ([name, value]) =>
      `${printable(name, 32).replaceAll(/[="\]]/g, '_')}="${value.replaceAll(/["\\\]]/g, '\\$&').replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')}"`,
  );
  return `[${[SD_ID, ...values].join(' ')}]`;
}

function printable(text: string, longest: number): string {
  const ascii = text.replaceAll(/[^!-~]/g, '_').slice(0, longest);
  return ascii === '' ? '-' : ascii;
}
