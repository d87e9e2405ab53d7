import { randomUUID } from 'node:crypto';
import type { Rule } from '../site/schema.ts';
import type { DestinationOf } from './channel.ts';
import { sendHttp } from './http.ts';
import { headline, type AlertMessage } from './message.ts';
import type { Sender } from './sender.ts';
import { fill } from './template.ts';
import { element, xmlText } from './xml.ts';

/** An alarm in whatever form a surveillance platform takes it over HTTP. */
export function vmsSender(to: DestinationOf<'vms-http'>): Sender {
  const { url, method, headers, user, password } = to;
  return {
    digests: true,
    send: async (outgoing, context) => {
      await sendHttp({ url, method, headers, user, password, ...fill(to.template, outgoing) }, context);
    },
    close: () => Promise.resolve(),
  };
}

/** An ONVIF event, posted to a consumer as WS-BaseNotification does it; a digest is one Notify of several. */
export function onvifSender({ url, user, password }: DestinationOf<'onvif-event'>): Sender {
  return {
    digests: true,
    send: async ({ messages }, context) => {
      const body = notify(url, messages);
      const type = `application/soap+xml; charset=utf-8; action="${action}"`;
      await sendHttp({ url, type, body, user, password }, context);
    },
    close: () => Promise.resolve(),
  };
}

const action = 'http://docs.oasis-open.org/wsn/bw-2/NotificationConsumer/Notify';

/** Topics of the ONVIF Analytics Service Specification, with the item that says whether it is so. */
const ruleTopic = (kind: Rule['kind']): { readonly topic: string; readonly item: string } => {
  if (kind === 'line-crossing') return { topic: 'LineDetector/Crossed', item: 'State' };
  if (kind === 'dwell') return { topic: 'LoiteringDetector/ObjectIsLoitering', item: 'State' };
  if (kind === 'tamper') return { topic: 'TamperDetector/Tamper', item: 'IsTamper' };
  return { topic: 'FieldDetector/ObjectsInside', item: 'IsInside' };
};

/** ONVIF Core Specification, event handling: SOAP 1.2, WS-Addressing, WS-BaseNotification 1.3, `tt:Message`. */
export function notify(url: string, messages: readonly AlertMessage[]): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"' +
    ' xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"' +
    ' xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tns1="http://www.onvif.org/ver10/topics">' +
    `<s:Header>${element('wsa:Action', action)}${element('wsa:MessageID', `urn:uuid:${randomUUID()}`)}${element('wsa:To', url)}</s:Header>` +
    `<s:Body><wsnt:Notify>${messages.map(notification).join('')}</wsnt:Notify></s:Body></s:Envelope>`
  );
}

function notification(message: AlertMessage): string {
  const incident = message.what === 'incident' ? message : undefined;
  const { topic, item: state } = ruleTopic(incident?.ruleKind ?? 'zone-entry');
  const over = incident?.step === 'dismissed' || incident?.step === 'closed';
  const operation =
    incident === undefined || incident.step === 'new' ? 'Initialized' : over ? 'Deleted' : 'Changed';
  const token = message.what === 'test' ? message.site : message.camera.slot;
  return (
    '<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">' +
    `tns1:RuleEngine/${topic}</wsnt:Topic><wsnt:Message>` +
    `<tt:Message UtcTime="${xmlText(message.at)}" PropertyOperation="${operation}">` +
    `<tt:Source>${item('VideoSourceConfigurationToken', token)}${item('Rule', incident?.rules[0] ?? 'test')}</tt:Source>` +
    `<tt:Key>${item('ObjectId', incident?.incident ?? message.id)}</tt:Key>` +
    `<tt:Data>${item(state, String(incident !== undefined && !over))}${item('MessageId', message.id)}` +
    `${item('Status', message.status)}${item('Text', headline(message))}` +
    `${incident === undefined ? '' : item('Severity', incident.severity) + item('Step', incident.step) + item('Link', incident.link)}</tt:Data>` +
    '</tt:Message></wsnt:Message></wsnt:NotificationMessage>'
  );
}

function item(name: string, value: string): string {
  return `<tt:SimpleItem Name="${name}" Value="${xmlText(value)}"/>`;
}
