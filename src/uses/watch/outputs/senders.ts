import type { Selectable } from 'kysely';
import type { SecretBox } from '../../../platform/secrets/secret-box.ts';
import { capSender } from './cap.ts';
import { channelContext, destination } from './channel.ts';
import { emailSender } from './email.ts';
import { mqttSender } from './mqtt.ts';
import type { Sender } from './sender.ts';
import type { WatchChannelsTable } from './tables.ts';
import { onvifSender, vmsSender } from './vms.ts';
import { webhookSender } from './webhook.ts';

/** What carries the messages of a channel. @throws TidewaiterError `E_SECRET_DAMAGED`. */
export function senderOf(
  { id, destination: shown, secrets: wrapped }: Selectable<WatchChannelsTable>,
  box: SecretBox,
): Sender {
  const { secret = '', ...secrets } = JSON.parse(box.unwrap(wrapped, channelContext(id)).toString()) as {
    readonly secret?: string;
  };
  const to = destination.parse({ ...shown, ...secrets });
  switch (to.kind) {
    case 'webhook':
      return webhookSender(to, secret);
    case 'mqtt':
      return mqttSender(to, id);
    case 'email':
      return emailSender(to);
    case 'cap':
      return capSender(to);
    case 'vms-http':
      return vmsSender(to);
    case 'onvif-event':
      return onvifSender(to);
  }
}
