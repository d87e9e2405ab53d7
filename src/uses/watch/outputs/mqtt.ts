import { MqttClient } from 'mqtt';
import { openSocket } from './address.ts';
import type { DestinationOf } from './channel.ts';
import type { AlertMessage } from './message.ts';
import type { Sender, SendContext } from './sender.ts';
import { jsonOf } from './webhook.ts';

const CONNECT_MS = 10_000;
const AGAIN_MS = 2000;

/**
 * Publishes with QoS 1 below `PREFIX/SITE`. One connection is held, so that the broker says `offline` in our place when
 * it is lost: `availability` is a retained last will, and `online` from when the channel is switched on. States of cameras are retained too.
 */
export function mqttSender(to: DestinationOf<'mqtt'>, id: string): Sender {
  let client: MqttClient | undefined;
  let availability = '';

  function open({ site, allowed }: Pick<SendContext, 'site' | 'allowed'>): MqttClient {
    availability = `${to.prefix}/${level(site)}/availability`;
    const made = new MqttClient(() => openSocket(to, allowed, to.tls ? { ca: to.ca } : undefined), {
      // MQTT 3.1.1 brokers need take no more than 23 characters.
      ...{ clientId: `tw-${id.replaceAll('-', '').slice(0, 20)}`, clean: true, protocolVersion: to.version },
      ...{ reconnectPeriod: AGAIN_MS, connectTimeout: CONNECT_MS, keepalive: 30 },
      ...(to.user === undefined ? {} : { username: to.user }),
      ...(to.password === undefined ? {} : { password: to.password }),
      will: { topic: availability, payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    // Told by whoever waits for the connection; without a listener it would end the process.
    made.on('error', () => undefined);
    made.on('connect', () => {
      made.publish(availability, 'online', { qos: 1, retain: true }, () => undefined);
    });
    return made;
  }

  async function connected(context: SendContext): Promise<MqttClient> {
    client ??= open(context);
    if (client.connected) return client;
    await Promise.race([greeted(client), timeout(context.signal)]);
    return client;
  }

  return {
    digests: true,
    begin: (context) => {
      client ??= open(context);
    },
    send: async (outgoing, context) => {
      const link = await connected(context);
      const [first] = outgoing.messages;
      const topic =
        outgoing.messages.length > 1 ? `${level(context.site)}/digest` : topicOf(first, level(context.site));
      const retain = first.what === 'camera' && outgoing.messages.length === 1;
      const published = link.publishAsync(`${to.prefix}/${topic}`, jsonOf(outgoing), { qos: 1, retain });
      await Promise.race([published, timeout(context.signal)]);
    },
    close: async () => {
      if (client === undefined) return;
      const ending = client;
      client = undefined;
      if (ending.connected)
        await Promise.race([
          ending.publishAsync(availability, 'offline', { qos: 1, retain: true }),
          timeout(AbortSignal.timeout(1000)),
        ]).catch(() => undefined);
      await ending.endAsync(true);
    },
  };
}

function topicOf(message: AlertMessage, site: string): string {
  if (message.what === 'test') return `${site}/test`;
  return `${site}/${level(message.camera.slot)}/${message.what === 'camera' ? 'state' : 'incident'}`;
}

/** One level of a topic: what has a meaning in topics is left out. */
function level(name: string): string {
  return name.replaceAll(/[+#/\0]/g, '_');
}

/** @throws Error the broker’s refusal: wrong password, not authorised; or what became of the connection. */
async function greeted(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      client.removeListener('connect', onConnect).removeListener('error', settle);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onConnect = (): void => settle();
    client.once('connect', onConnect).once('error', settle);
  });
}

async function timeout(signal: AbortSignal): Promise<never> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
  return new Promise((_, reject) => {
    const fail = (): void => reject(new Error('the broker did not answer in time'));
    if (either.aborted) fail();
    else either.addEventListener('abort', fail, { once: true });
  });
}
