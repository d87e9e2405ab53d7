import { useEffect, useRef, useState, type ReactNode } from 'react';
import { pictures } from './multipart.ts';

/** A picture, painted: pages load none from anywhere but the server. */
export function Painted({ picture }: { readonly picture: ImageBitmap }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => canvas.current?.getContext('2d')?.drawImage(picture, 0, 0), [picture]);
  return <canvas ref={canvas} width={picture.width} height={picture.height} aria-hidden="true" />;
}

/** The newest picture of a camera with people covered; undefined while there is none. */
export function useMaskedPicture(camera: string | undefined): ImageBitmap | undefined {
  const [shown, setShown] = useState<{ readonly camera: string; readonly picture: ImageBitmap }>();
  useEffect(() => {
    if (camera === undefined) return undefined;
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      const address = `/api/v1/watch/cameras/${camera}/masked?follow=no`;
      for await (const { jpeg } of pictures(address, stop.signal))
        setShown({ camera, picture: await createImageBitmap(jpeg) });
    };
    // A camera that nobody watches now has no picture; the page does without.
    look().catch(() => undefined);
    return () => stop.abort();
  }, [camera]);
  return shown?.camera === camera ? shown?.picture : undefined;
}
