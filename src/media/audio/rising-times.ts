import type { Packet } from 'node-av/lib';
import { ticksToSeconds, type TimeBase } from '../../core/time.ts';

/** Steps back that are a container's rounding rather than damage. */
const nudge = 0.1;

/** Keeps the times of a sound track rising, which every container asks for. */
export class RisingTimes {
  readonly #timeBase: TimeBase;
  #last: bigint | undefined;
  /** Packets that lay far before the one ahead of them, and were left out. */
  removed = 0;

  constructor(timeBase: TimeBase) {
    this.#timeBase = timeBase;
  }

  /** True when the packet may be written; its times may have been moved by a little. */
  admit(packet: Packet): boolean {
    const last = this.#last;
    if (last !== undefined && packet.dts <= last) {
      if (ticksToSeconds(last - packet.dts, this.#timeBase) > nudge) {
        this.removed++;
        return false;
      }
      packet.dts = last + 1n;
      packet.pts = last + 1n;
    }
    this.#last = packet.dts;
    return true;
  }
}
