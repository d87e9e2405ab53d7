import type { CameraState, IncidentState } from '../platform/tables.ts';
import type { Rule, Severity } from '../site/schema.ts';

/** What became of an incident, as channels are told it. */
export const toldSteps = ['new', 'escalated', 'acknowledged', 'confirmed', 'dismissed', 'closed'] as const;
export type ToldStep = (typeof toldSteps)[number];

interface Common {
  /** The same each time it is sent, so that a receiver can tell a repeat. */
  readonly id: string;
  /** `test`: somebody pressed the button. Of clips that are played in nothing is sent. */
  readonly status: 'actual' | 'test';
  readonly site: string;
  /** When it happened, ISO 8601. */
  readonly at: string;
}

interface OfCamera extends Common {
  readonly camera: { readonly id: string; readonly slot: string; readonly name: string };
}

export interface IncidentMessage extends OfCamera {
  readonly what: 'incident';
  readonly step: ToldStep;
  readonly incident: string;
  readonly severity: Severity;
  readonly state: IncidentState;
  readonly rules: readonly string[];
  /** Kind of the rule that fired first. */
  readonly ruleKind: Rule['kind'];
  readonly startedAt: string;
  /** Of the incident in the console. */
  readonly link: string;
}

export interface CameraMessage extends OfCamera {
  readonly what: 'camera';
  readonly state: CameraState;
  readonly why: string | null;
}

export interface TestMessage extends Common {
  readonly what: 'test';
  readonly link: string;
}

/** What leaves the house: ids, names of places, rules and times. Nothing about people, and no picture. */
export type AlertMessage = IncidentMessage | CameraMessage | TestMessage;

/** A message of the same incident that has arrived before. */
export interface Earlier {
  readonly id: string;
  readonly at: string;
}

/** What is sent at one go: one message, or several as a digest. */
export interface Outgoing {
  readonly id: string;
  readonly messages: readonly [AlertMessage, ...AlertMessage[]];
  /** Of a single one about an incident, oldest first. */
  readonly earlier: readonly Earlier[];
}

/** One line for people. Control characters of names are spaces: a line stays a line. */
export function headline(message: AlertMessage): string {
  const mark = message.status === 'actual' ? '' : `${message.status.toUpperCase()} `;
  const text =
    message.what === 'test'
      ? `message of site ${message.site}`
      : message.what === 'camera'
        ? `${message.camera.name} at ${message.site} is ${message.state}`
        : `${message.severity} incident ${message.step}: ${message.rules.join(', ')}, ${message.camera.name} at ${message.site}`;
  return oneLine(mark + text);
}

export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Of several together. */
export function digestLine(messages: readonly AlertMessage[]): string {
  return `${messages.length} messages of site ${messages[0]?.site ?? ''}`;
}

const order: readonly Severity[] = ['low', 'medium', 'high'];

/** The highest of what is told. */
export function severityOf(messages: readonly AlertMessage[]): Severity {
  const places = messages.map((one) => (one.what === 'incident' ? order.indexOf(one.severity) : 0));
  return order[Math.max(0, ...places)] ?? 'low';
}
