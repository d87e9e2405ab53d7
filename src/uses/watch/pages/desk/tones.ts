import type { Severity } from '../site.ts';

/** Pitches in hertz, one after the other: more and higher means more severe, so that they differ without words. */
const tones: Readonly<Record<Severity, readonly number[]>> = {
  low: [440],
  medium: [660, 660],
  high: [880, 1175, 880],
};
const TONE_SECONDS = 0.16;

/** Sounds of alerts. Silent until a person turns them on, as browsers want it too. */
export class Tones {
  #context: AudioContext | undefined;

  /** Called by a press of a key or button. */
  turnOn(): void {
    this.#context ??= new AudioContext();
    void this.#context.resume();
    this.play('low');
  }

  turnOff(): void {
    void this.#context?.close();
    this.#context = undefined;
  }

  play(severity: Severity): void {
    const context = this.#context;
    if (context === undefined) return;
    for (const [index, pitch] of tones[severity].entries()) {
      const at = context.currentTime + index * TONE_SECONDS * 1.3;
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.frequency.value = pitch;
      // Faded in and out: a hard edge clicks.
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.25, at + 0.02);
      gain.gain.linearRampToValueAtTime(0, at + TONE_SECONDS);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(at);
      oscillator.stop(at + TONE_SECONDS);
    }
  }
}
