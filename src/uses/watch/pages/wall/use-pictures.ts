import { useEffect, useState } from 'react';
import { pictures } from './multipart.ts';

export interface TimedPicture {
  readonly picture: ImageBitmap;
  /** When the camera saw it, else when it came, milliseconds since 1970. */
  readonly at: number;
}

/** A browser holds six connections to a server; the rest of the page needs some of them. */
const AT_ONCE = 3;
const AGAIN_MS = 2000;

/**
 * Pictures of cameras, people covered. Up to three cameras are followed; of more each has its turn, a picture at a time, so
 * that the browser's few connections do for a wall of any size.
 */
export function usePictures(cameras: readonly string[]): ReadonlyMap<string, TimedPicture> {
  const [shown, setShown] = useState<ReadonlyMap<string, TimedPicture>>(new Map());
  const key = cameras.join(' ');
  useEffect(() => {
    const stop = new AbortController();
    const turns = key === '' ? [] : key.split(' ');
    const takesTurns = turns.length > AT_ONCE;
    const follow = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const camera = turns.shift();
        if (camera === undefined) return;
        const one = new AbortController();
        const signal = AbortSignal.any([stop.signal, one.signal]);
        try {
          for await (const { jpeg, at } of pictures(`/api/v1/watch/cameras/${camera}/masked`, signal)) {
            const picture = await createImageBitmap(jpeg);
            setShown((before) => new Map([...before, [camera, { picture, at: at ?? Date.now() }]]));
            if (takesTurns) break;
          }
        } catch {
          // Shown by the age of the picture; tried again.
          if (!stop.signal.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        } finally {
          one.abort();
          turns.push(camera);
        }
      }
    };
    for (let worker = 0; worker < Math.min(AT_ONCE, turns.length); worker++) void follow();
    return () => stop.abort();
  }, [key]);
  return shown;
}
