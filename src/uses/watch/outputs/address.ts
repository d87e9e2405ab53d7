import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { checkedLookup, refusedTarget, type AddressCheck } from '../../../platform/webhooks/target.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Begins a connection to an address that may be sent to: the same check as for webhooks, of what the name means now.
 * @throws TidewaiterError `E_WEBHOOK_TARGET`; the socket fails with it when it is a name.
 */
export function openSocket(
  { host, port }: Place,
  allowed: AddressCheck,
  tls?: { readonly ca?: string | undefined },
): Socket {
  if (isIP(host) !== 0 && !allowed(host))
    throw refusedTarget('leads into a network that is not open to webhooks');
  const to = { host, port, lookup: checkedLookup(allowed) };
  if (tls === undefined) return connect(to);
  const names = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ ...to, ...names, ...(tls.ca === undefined ? {} : { ca: tls.ca }) });
}
