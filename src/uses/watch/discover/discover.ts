import onvif from 'onvif';
import { TidewaiterError } from '../../../core/errors.ts';

/** A camera that answered. What it says of itself is not proven. */
export interface FoundCamera {
  readonly name: string;
  /** Where the answer came from. */
  readonly address: string;
  /** Its ONVIF service, when that lies at the address that answered: nobody is led elsewhere with a password. */
  readonly service?: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Asks by WS-Discovery (multicast to 239.255.255.250:3702) which network video transmitters are there.
 * @param device name of a network; the default route's without.
 * @throws TidewaiterError `E_DISCOVER`.
 */
export async function discoverCameras(timeoutSeconds: number, device?: string): Promise<FoundCamera[]> {
  const { Discovery } = onvif;
  const found = new Map<string, FoundCamera>();
  const onDevice = (answer: unknown, from: { readonly address: string }): void => {
    const camera = foundIn(answer, from.address);
    found.set(`${camera.address} ${camera.service ?? ''}`, camera);
  };
  // Answers that make no sense are no cameras; without a listener they would end the process.
  const onError = (): void => undefined;
  Discovery.on('device', onDevice).on('error', onError);
  try {
    await new Promise<void>((resolve, reject) => {
      const timeout = timeoutSeconds * 1000;
      const options = { timeout, resolve: false, ...(device === undefined ? {} : { device }) };
      Discovery.probe(options, (error: unknown) => {
        // A list of errors tells of single answers, one error of the network itself.
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  } catch (error) {
    throw new TidewaiterError(
      'E_DISCOVER',
      `The network could not be asked: ${error instanceof Error ? error.message : String(error)}`,
      'Name the network with --interface, and see that multicast is allowed there.',
      { cause: error },
    );
  } finally {
    Discovery.off('device', onDevice).off('error', onError);
  }
  return [...found.values()].toSorted((a, b) => a.address.localeCompare(b.address));
}

function foundIn(answer: unknown, address: string): FoundCamera {
  const match = (answer as { probeMatches?: { probeMatch?: Record<string, unknown> } }).probeMatches
    ?.probeMatch;
  const scopes = text(match?.['scopes']).split(/\s+/);
  const scope = scopes.find((one) => one.startsWith('onvif://www.onvif.org/name/')) ?? '';
  const service = text(match?.['XAddrs'])
    .split(/\s+/)
    .find((one) => URL.parse(one)?.hostname === address);
  const name = printable(scope.slice('onvif://www.onvif.org/name/'.length)) || 'unnamed';
  return { name, address, ...(service === undefined ? {} : { service }) };
}

/** Text of a camera that may be shown. */
export function printable(given: string, most = 100): string {
  const decoded = given.replaceAll(/%[0-9A-Fa-f]{2}/g, (code) =>
    String.fromCharCode(Number.parseInt(code.slice(1), 16)),
  );
  return decoded
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, most)
    .trim();
}

const ANSWER_MS = 5000;

/** A stream of a camera. Its address holds no credentials. */
export interface Stream {
  readonly profile: string;
  readonly url: string;
}

/** The streams of a camera, by profile. @throws Error what the camera refuses. */
export async function streamsOf(
  service: string,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<Stream[]> {
  const { hostname, port, pathname, protocol } = new URL(service);
  const useSecure = protocol === 'https:';
  const camera = new onvif.Cam({
    ...{ hostname, port: Number(port || (useSecure ? 443 : 80)), path: pathname, useSecure },
    // What the camera says of its other services must lead to the camera.
    ...{ username: user, password, timeout: ANSWER_MS, autoconnect: false, preserveAddress: true },
  });
  // Its clock first: what is signed with a password holds for a moment of it.
  await answered((done) => camera.getSystemDateAndTime(done));
  await answered((done) => camera.getCapabilities(done));
  await answered((done) => camera.getProfiles(done));
  const profiles = camera.profiles as readonly {
    readonly name?: unknown;
    readonly $?: { readonly token?: string };
  }[];
  const streams: Stream[] = [];
  for (const { name, $ } of profiles) {
    const wanted = { protocol: 'RTSP', profileToken: $?.token ?? '' };
    const answer = await answered<{ readonly uri?: unknown }>((done) => camera.getStreamUri(wanted, done));
    streams.push({ profile: printable(text(name)), url: printable(text(answer?.uri), 2000) });
  }
  return streams;
}

/** The library drops an answer that it cannot read: then nobody would ever hear of it. */
async function answered<Answer>(
  ask: (done: (error: Error | null, answer?: Answer) => void) => void,
): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it does not answer in a way that is known')), ANSWER_MS);
    ask((error, answer) => {
      clearTimeout(timer);
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
}
