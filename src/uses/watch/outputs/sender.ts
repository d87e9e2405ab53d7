import type { AddressCheck } from '../../../platform/webhooks/target.ts';
import type { Outgoing } from './message.ts';

export interface SendContext {
  /** Id of the site. */
  readonly site: string;
  readonly allowed: AddressCheck;
  readonly at: Date;
  readonly signal: AbortSignal;
}

/** What carries the messages of one channel. */
export interface Sender {
  /** Several messages may come as a digest; else they come one by one. */
  readonly digests: boolean;
  /** Says that it is there, before there is anything to send; waits for nothing. */
  begin?(context: Pick<SendContext, 'site' | 'allowed'>): void;
  /** Resolves when the receiver has said that it has it. @throws Refused, Answered; errors of the connection. */
  send(outgoing: Outgoing, context: SendContext): Promise<void>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** The receiver says that it will never take it. */
export class Refused extends Error {}

/** The receiver answered, and failed. */
export class Answered extends Error {}
