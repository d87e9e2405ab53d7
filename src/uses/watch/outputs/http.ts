import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP } from 'node:net';
import { checkedLookup, hostOf, refusedTarget } from '../../../platform/webhooks/target.ts';
import { Answered, Refused, type SendContext } from './sender.ts';

/** From the first packet to the head of the answer. */
const ANSWER_MS = 10_000;
/** Too many, too early, or something between us and the receiver: as if nobody had answered. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);

export interface HttpMessage {
  readonly url: string;
  readonly method?: 'POST' | 'PUT';
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * Sends once; redirects are not followed, and of the answer only its status is looked at.
 * @throws Refused for other answers from 300 to 499; Answered for those above; errors of the connection.
 */
export async function sendHttp(message: HttpMessage, { allowed, signal }: SendContext): Promise<void> {
  const { url, method = 'POST', type, body, headers = {}, user, password = '' } = message;
  const host = hostOf(url);
  if (isIP(host) !== 0 && !allowed(host))
    throw refusedTarget('leads into a network that is not open to webhooks');
  const request = url.startsWith('https:') ? requestTls : requestPlain;
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(url, {
      ...{ method, agent: false, lookup: checkedLookup(allowed) },
      ...(user === undefined ? {} : { auth: `${user}:${password}` }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      headers: {
        ...headers,
        'content-type': type,
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Tidewaiter',
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    sent.end(body);
  });
  if (status >= 200 && status <= 299) return;
  const what = `its receiver answered ${status}`;
  if (passing.has(status)) throw new Error(what);
  throw status < 500 ? new Refused(what) : new Answered(what);
}
