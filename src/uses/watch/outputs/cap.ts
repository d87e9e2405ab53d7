import type { Severity } from '../site/schema.ts';
import type { DestinationOf } from './channel.ts';
import { sendHttp } from './http.ts';
import { headline, type AlertMessage, type Earlier, type IncidentMessage } from './message.ts';
import type { Sender } from './sender.ts';
import { element, xmlText } from './xml.ts';

/** Common Alerting Protocol 1.2, OASIS Standard, 1 July 2010. */
export const capNamespace = 'urn:oasis:names:tc:emergency:cap:1.2';

const statuses = { actual: 'Actual', test: 'Test' } as const;
const severities: Readonly<Record<Severity, string>> = { high: 'Severe', medium: 'Moderate', low: 'Minor' };

/** Pushes each message as a document of its own: CAP has no digest. */
export function capSender({ url, sender, user, password }: DestinationOf<'cap'>): Sender {
  return {
    digests: false,
    send: async ({ messages: [message], earlier }, context) => {
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n${capAlert(message, { sender, earlier })}`;
      await sendHttp({ url, type: 'application/cap+xml', body, user, password }, context);
    },
    close: () => Promise.resolve(),
  };
}

/** One alert. The first of an incident is an Alert, a dismissal cancels, everything else updates what came before. */
export function capAlert(
  message: AlertMessage,
  { sender, earlier }: { readonly sender: string; readonly earlier: readonly Earlier[] },
): string {
  const incident = message.what === 'incident' ? message : undefined;
  const type = earlier.length === 0 ? 'Alert' : incident?.step === 'dismissed' ? 'Cancel' : 'Update';
  const references = earlier.map(({ id, at }) => `${sender},${id},${capTime(at)}`).join(' ');
  return [
    `<alert xmlns="${capNamespace}">`,
    element('identifier', message.id),
    element('sender', sender),
    element('sent', capTime(message.at)),
    element('status', statuses[message.status]),
    element('msgType', type),
    element('scope', 'Restricted'),
    element('restriction', 'For those who answer alerts of this site'),
    references === '' ? '' : element('references', references),
    incident === undefined ? '' : element('incidents', incident.incident),
    info(message, incident),
    '</alert>',
  ].join('');
}

function info(message: AlertMessage, incident: IncidentMessage | undefined): string {
  const place = message.what === 'test' ? message.site : `${message.site}: ${message.camera.name}`;
  return [
    '<info>',
    element('language', 'en-US'),
    element('category', 'Security'),
    element('event', incident === undefined ? 'Test of a channel' : 'Activity on a watched camera'),
    element('responseType', incident === undefined ? 'None' : 'Assess'),
    element('urgency', urgency(incident)),
    element('severity', incident === undefined ? 'Unknown' : severities[incident.severity]),
    element('certainty', certainty(incident)),
    element('senderName', 'Tidewaiter'),
    element('headline', headline(message)),
    message.what === 'camera' ? '' : element('web', message.link),
    incident === undefined
      ? ''
      : parameter('rules', incident.rules.join(' ')) + parameter('step', incident.step),
    `<area>${element('areaDesc', place)}</area>`,
    '</info>',
  ].join('');
}

/** Immediate until somebody has it; past when it is over. */
function urgency(incident: IncidentMessage | undefined): string {
  if (incident === undefined) return 'Unknown';
  if (incident.step === 'dismissed' || incident.step === 'closed') return 'Past';
  return incident.step === 'new' || incident.step === 'escalated' ? 'Immediate' : 'Expected';
}

/** A machine's word is possible; a person's is observed. */
function certainty(incident: IncidentMessage | undefined): string {
  if (incident === undefined) return 'Unknown';
  if (incident.step === 'dismissed') return 'Unlikely';
  return incident.step === 'confirmed' || incident.state === 'confirmed' ? 'Observed' : 'Possible';
}

function parameter(name: string, value: string): string {
  return `<parameter>${element('valueName', name)}${element('value', value)}</parameter>`;
}

/** CAP knows no fractions of seconds, and writes UTC as `-00:00`. */
function capTime(iso: string): string {
  return `${iso.slice(0, 19)}-00:00`;
}

/** An Atom feed (RFC 4287) whose entries hold CAP alerts. @param alerts newest first. */
export function capFeed(
  site: string,
  updated: Date,
  alerts: readonly { readonly message: IncidentMessage; readonly cap: string }[],
): string {
  const entries = alerts.map(
    ({ message, cap }) =>
      `<entry>${element('id', `urn:uuid:${message.id}`)}${element('title', headline(message))}` +
      `${element('updated', message.at)}<link href="${xmlText(message.link)}"/>` +
      `<content type="application/cap+xml">${cap}</content></entry>`,
  );
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">` +
    `${element('id', `urn:tidewaiter:watch:${site}`)}${element('title', `Alerts of ${site}`)}` +
    `${element('updated', updated.toISOString())}<author><name>Tidewaiter</name></author>${entries.join('')}</feed>`
  );
}
