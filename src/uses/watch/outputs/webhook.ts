import { signature } from '../../../platform/webhooks/send.ts';
import type { DestinationOf } from './channel.ts';
import { sendHttp } from './http.ts';
import type { Outgoing } from './message.ts';
import type { Sender } from './sender.ts';

/** Signed JSON, as other webhooks send it. @param secret as its owner was shown it. */
export function webhookSender({ url }: DestinationOf<'webhook'>, secret: string): Sender {
  return {
    digests: true,
    send: async (outgoing, context) => {
      const body = jsonOf(outgoing);
      const headers = { 'tidewaiter-signature': signature(secret, context.at, body) };
      await sendHttp({ url, type: 'application/json', body, headers }, context);
    },
    close: () => Promise.resolve(),
  };
}

/** The message itself; of several, a digest that holds them all. */
export function jsonOf({ id, messages }: Outgoing): string {
  return JSON.stringify(messages.length === 1 ? messages[0] : { id, what: 'digest', messages });
}
