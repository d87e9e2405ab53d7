import type { Seconds } from '../../core/time.ts';
import type { AudioPlan, AudioSpan } from './plan.ts';

/** 1 kHz at -20 dB below full scale, as television uses it. */
const bleepHertz = 1000;
const bleepAmplitude = 0.1;

/** Which moments of a sound track may not be heard, and what is heard instead. */
export interface AudioCover {
  readonly spans: readonly AudioSpan[];
  readonly style: 'mute' | 'bleep';
}

/** The cover a plan asks for, or undefined when every sound stays. */
export function coverOf(plan: AudioPlan): AudioCover | undefined {
  if (plan.mode === 'mute') {
    return { spans: [{ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }], style: 'mute' };
  }
  return plan.mode === 'spans' && plan.spans.length > 0
    ? { spans: plan.spans, style: plan.style }
    : undefined;
}

/** True when a part of `start` to `end` is covered. */
export function isCovered(cover: AudioCover, start: Seconds, end: Seconds): boolean {
  return cover.spans.some((span) => span.start < end && span.end > start);
}

/** What is heard at a covered moment, -1..1. */
export function coverSample(style: AudioCover['style'], time: Seconds): number {
  return style === 'mute' ? 0 : bleepAmplitude * Math.sin(2 * Math.PI * bleepHertz * time);
}

/**
 * Calls `replace` for every covered sample of a stretch, including the one that holds each end of a span.
 * @param first number of the first sample, counted from time 0 at `rate` per second.
 */
export function forCovered(
  cover: AudioCover,
  first: number,
  count: number,
  rate: number,
  replace: (index: number, value: number) => void,
): void {
  for (const { start, end } of cover.spans) {
    const from = Math.max(0, Math.floor(start * rate) - first);
    const to = Math.min(count, Math.ceil(end * rate) + 1 - first);
    for (let index = from; index < to; index++)
      replace(index, coverSample(cover.style, (first + index) / rate));
  }
}
