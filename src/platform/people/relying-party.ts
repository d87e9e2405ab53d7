import { isIP } from 'node:net';
import { TidewaiterError } from '../../core/errors.ts';
import type { Settings } from '../settings/settings.ts';

/** Who asks for passkeys (WebAuthn: relying party), and what it takes from them. */
export interface RelyingParty {
  /** The name that passkeys are bound to: that of the console, without scheme and port. */
  readonly id: string;
  /** Of the pages that may ask for a signature. */
  readonly origin: string;
  /** A passkey that knows its holder (PIN, fingerprint) counts as both factors. */
  readonly alone: boolean;
  /** COSE identifiers of the signatures that are taken. */
  readonly algorithms: readonly number[];
}

/** ES256 and RS256; Ed25519 too, outside the FIPS profile. */
const algorithms = { fips: [-7, -257], usual: [-8, -7, -257] } as const;

/**
 * The console as a relying party: the public address, or `localhost` for a server that only this machine reaches.
 * @param host the header of the request: its port counts when the server took a free one.
 * @throws TidewaiterError `E_PASSKEY` where the console has no name: browsers make no passkeys for bare addresses.
 */
export function relyingParty(settings: Settings, host: string | undefined): RelyingParty {
  const { origin, hostname } = consoleAddress(settings, host);
  const alone = settings.sessions.passkeyAlone;
  const taken = settings.cryptography === 'fips' ? algorithms.fips : algorithms.usual;
  if (isIP(hostname.replaceAll(/[[\]]/g, '')) === 0) {
    return { id: hostname, origin, alone, algorithms: taken };
  }
  throw new TidewaiterError(
    'E_PASSKEY',
    'Passkeys need a console with a name, and this one has only a number',
    'Ask an administrator to set publicUrl.',
  );
}

function consoleAddress({ publicUrl, listen, tls }: Settings, host: string | undefined): URL {
  if (publicUrl !== undefined) return new URL(publicUrl);
  const name = /^(127\.|::1$)/.test(listen.host) ? 'localhost' : listen.host;
  const port = listen.port === 0 ? (/:(\d+)$/.exec(host ?? '')?.[1] ?? '0') : String(listen.port);
  const url = new URL(`${tls === undefined ? 'http' : 'https'}://${isIP(name) === 6 ? `[${name}]` : name}`);
  url.port = port;
  return url;
}
