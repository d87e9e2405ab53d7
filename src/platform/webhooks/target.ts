import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { TidewaiterError } from '../../core/errors.ts';

/**
 * Addresses that are nobody's on the Internet: this host, private and shared networks, link-local (where clouds keep their
 * credentials), documentation, multicast, reserved. IANA IPv4 Special-Purpose Address Registry (RFC 6890).
 */
const special4 = [
  ...[
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
  ],
  ...[
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
  ],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];
/** Of IPv6 only global unicast is anybody's (RFC 4291), without Teredo and others, documentation, and 6to4. */
const global6 = ['2000::/3'];
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Says which addresses may be sent to. @param networks of ours that may be too, as `10.1.2.0/24` or `fd00::/8`. */
export type AddressCheck = (address: string) => boolean;
export function addressCheck(networks: readonly string[]): AddressCheck {
  const [own, special, global] = [listOf(networks), listOf([...special4, ...special6]), listOf(global6)];
  return (address) => {
    const family = isIP(address);
    if (family === 0) return false;
    const type = family === 4 ? 'ipv4' : 'ipv6';
    if (own.check(address, type)) return true;
    if (special.check(address, type)) return false;
    return family === 4 || global.check(address, type);
  };
}

/** A network in the form address/bits. */
export function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  );
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

const resolveAll = promisify<string, { all: true }, LookupAddress[]>(resolve);

/**
 * Checks an address before it is kept: its form, and where it leads today.
 * @throws TidewaiterError `E_WEBHOOK_TARGET`.
 */
export async function checkTarget(url: string, allowed: AddressCheck): Promise<void> {
  const { protocol, username, password, hash } = new URL(url);
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '' || hash !== '')
    throw refusedTarget('is no plain http or https address');
  const host = hostOf(url);
  const found =
    isIP(host) === 0 ? await resolveAll(host, { all: true }).catch(() => []) : [{ address: host, family: 0 }];
  if (found.length === 0) throw refusedTarget('has a name that is not known');
  if (!found.every(({ address }) => allowed(address)))
    throw refusedTarget('leads into a network that is not open to webhooks');
}

/** The name or the address in a URL, IPv6 without its brackets. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * Resolves names for a connection, and refuses them when any of their addresses is not allowed: what is connected to is
 * what was checked, whatever the name meant before.
 */
export function checkedLookup(allowed: AddressCheck): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error !== null || first === undefined) callback(error ?? new Error('no address'), '');
      else if (!found.every(({ address }) => allowed(address)))
        callback(refusedTarget('leads into a network that is not open to webhooks'), '');
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

export function refusedTarget(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_WEBHOOK_TARGET',
    `The webhook’s address ${what}`,
    'Give a public http or https address, or add its network to webhooks.networks in the settings.',
  );
}
