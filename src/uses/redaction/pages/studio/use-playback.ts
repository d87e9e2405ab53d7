import { useEffect, useEffectEvent, useRef } from 'react';
import type { Studio } from './use-studio.ts';

/**
 * Plays from the frame shown, by the recording's own times; frames that come too late are left out.
 * @param sound where the sound is, absent when there is none. Spans that are hushed are not heard.
 */
export function usePlayback(studio: Studio, sound: string | undefined): void {
  const { playing, clock, loop } = studio;
  const audio = useRef<HTMLAudioElement>(undefined);
  const tick = useEffectEvent((time: number): boolean => {
    const { audio: heard } = studio.plan;
    const isHushed =
      studio.view !== 'source' &&
      (heard.mode === 'spans'
        ? heard.spans.some(([start, end]) => time >= start && time < end)
        : heard.mode !== 'keep');
    if (audio.current !== undefined) audio.current.muted = isHushed;
    studio.set.seek(time);
    if (time < clock.whole.to) return true;
    studio.set.playing(false);
    return false;
  });
  const begin = useEffectEvent(() => (studio.frame >= clock.count - 1 ? clock.whole.from : studio.time));
  useEffect(() => {
    if (!playing) return;
    let [from, since] = [begin(), performance.now()];
    let next = 0;
    if (sound !== undefined) {
      audio.current ??= new Audio(sound);
      audio.current.currentTime = from;
      audio.current.play().catch(() => undefined);
    }
    const run = (): void => {
      let time = from + (performance.now() - since) / 1000;
      if (loop !== undefined && time >= loop.to) {
        [from, since] = [loop.from, performance.now()];
        time = from;
        if (audio.current !== undefined) audio.current.currentTime = from;
      }
      if (tick(time)) next = requestAnimationFrame(run);
    };
    next = requestAnimationFrame(run);
    return () => {
      cancelAnimationFrame(next);
      audio.current?.pause();
    };
  }, [playing, loop, sound]);
}
