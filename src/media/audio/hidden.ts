import { AV_PKT_FLAG_DISCARD } from 'node-av/constants';
import type { Packet } from 'node-av/lib';
import { ticksToSeconds, type TimeBase } from '../../core/time.ts';

/** What decoders of AAC, MP3 and Opus need to hear before a point to be exact from there on (RFC 7845: 80 ms). */
const preRoll = 0.1;

/**
 * Packets that an edit list hides still hold sound: a trimmed recording may carry what was trimmed. Only the moments
 * that the decoder needs before the first packet that is heard pass through.
 */
export class HiddenPackets {
  readonly #timeBase: TimeBase;
  #waiting: Packet[] = [];
  /** Hidden packets that were left out. */
  removed = 0;

  constructor(timeBase: TimeBase) {
    this.#timeBase = timeBase;
  }

  /** Lends the packets that may go on, in order. */
  pass(packet: Packet, next: (packet: Packet) => void): void {
    if (packet.hasFlags(AV_PKT_FLAG_DISCARD)) {
      const copy = packet.clone();
      if (copy !== null) this.#waiting.push(copy);
      this.#dropBefore(packet.pts);
      return;
    }
    if (this.#waiting.length > 0) {
      this.#dropBefore(packet.pts);
      for (const hidden of this.#waiting.splice(0)) {
        next(hidden);
        hidden.free();
      }
    }
    next(packet);
  }

  dispose(): void {
    for (const packet of this.#waiting.splice(0)) packet.free();
  }

  #dropBefore(pts: bigint): void {
    while (
      this.#waiting[0] !== undefined &&
      ticksToSeconds(pts - this.#waiting[0].pts, this.#timeBase) > preRoll
    ) {
      this.#waiting.shift()?.free();
      this.removed++;
    }
  }
}
