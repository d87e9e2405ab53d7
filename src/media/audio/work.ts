import type { Packet } from 'node-av/lib';
import type { TimeBase } from '../../core/time.ts';
import type { AudioOutcome } from './plan.ts';

/** Hands a finished packet to the output. Its times are in the work's time base; its content is taken over. */
export type WritePacket = (packet: Packet) => void;

/** What is done to the packets of one sound track. */
export interface AudioWork {
  readonly outcome: AudioOutcome;
  /** Time base of the packets that are written. */
  readonly timeBase: TimeBase;
  /** Handles one packet of the source, which is reused when the call returns. */
  accept(packet: Packet, write: WritePacket): void;
  /** Writes what is left. */
  finish(write: WritePacket): void;
  dispose(): void;
}
