import { createHmac } from 'node:crypto';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP } from 'node:net';
import { checkedLookup, hostOf, refusedTarget, type AddressCheck } from './target.ts';

/** From the first packet to the head of the answer. */
const ANSWER_MS = 10_000;

export interface Message {
  readonly url: string;
  readonly body: string;
  /** As its owner was shown it. */
  readonly secret: string;
  readonly at: Date;
  readonly signal: AbortSignal;
}

/**
 * `t=SECONDS,v1=HEX`: HMAC-SHA-256 with the secret over `SECONDS.BODY`. The time is signed too, so that a receiver can refuse
 * what somebody sends once more later.
 */
export function signature(secret: string, at: Date, body: string): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/**
 * Sends a message once. Redirects are not followed, and of the answer only its status is looked at.
 * @returns the status.
 * @throws TidewaiterError `E_WEBHOOK_TARGET`; errors of the connection.
 */
export async function send(
  { url, body, secret, at, signal }: Message,
  allowed: AddressCheck,
): Promise<number> {
  const host = hostOf(url);
  // Names are checked as they are resolved; addresses are connected to without that.
  if (isIP(host) !== 0 && !allowed(host))
    throw refusedTarget('leads into a network that is not open to webhooks');
  const request = url.startsWith('https:') ? requestTls : requestPlain;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      lookup: checkedLookup(allowed),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Tidewaiter',
        'tidewaiter-signature': signature(secret, at, body),
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    sent.end(body);
  });
}
