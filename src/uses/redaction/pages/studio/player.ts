import { frameTable, type FrameTable, type VideoIndex } from '../../../../media/proxy/frame-index.ts';
import { FrameDecoder } from './frame-decoder.ts';

/** What of an asset is shown, and how to get at each of its frames. */
export interface Player {
  /** `seeking` is what browsers without a decoder for pages do: near enough to look at, not proven exact. */
  readonly kind: 'exact' | 'seeking' | 'picture';
  readonly count: number;
  /** @returns undefined when another frame was asked for meanwhile. It may be drawn until the next is asked for. */
  show(frame: number): Promise<CanvasImageSource | undefined>;
  close(): void;
}

/** Exact where the browser decodes for pages (WebCodecs, over HTTPS or on this machine), otherwise by seeking. */
export async function openVideo(index: VideoIndex, address: string): Promise<Player> {
  const table = frameTable(index);
  const config: VideoDecoderConfig = {
    codec: index.codec,
    codedWidth: index.size.width,
    codedHeight: index.size.height,
    description: Uint8Array.from(atob(index.description), (letter) => letter.charCodeAt(0)),
    optimizeForLatency: true,
  };
  const supported =
    'VideoDecoder' in globalThis &&
    (await VideoDecoder.isConfigSupported(config).catch(() => undefined))?.supported === true;
  return supported ? new FrameDecoder(index, table, config, address) : new Seeker(index, table, address);
}

/** A picture is one frame. */
export async function openPicture(address: string): Promise<Player> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the picture was answered with ${response.status}`);
  const picture = await createImageBitmap(await response.blob());
  return {
    kind: 'picture',
    count: 1,
    show: () => Promise.resolve(picture),
    close: () => picture.close(),
  };
}

/** Lets a video element seek to the middle of each frame. */
class Seeker implements Player {
  readonly kind = 'seeking';
  readonly count: number;
  readonly #video = document.createElement('video');
  readonly #index: VideoIndex;
  readonly #table: FrameTable;
  #wanted = -1;

  constructor(index: VideoIndex, table: FrameTable, address: string) {
    this.#index = index;
    this.#table = table;
    this.count = table.count;
    this.#video.muted = true;
    this.#video.preload = 'auto';
    this.#video.src = address;
  }

  async show(frame: number): Promise<CanvasImageSource | undefined> {
    this.#wanted = frame;
    const { timeBase, ticks, lastTicks } = this.#index;
    const middle = (this.#table.pts[frame] ?? 0) + (ticks[frame] ?? lastTicks) / 2;
    const sought = new Promise<void>((resolve, reject) => {
      this.#video.addEventListener('seeked', () => resolve(), { once: true });
      this.#video.addEventListener('error', () => reject(new Error('the video cannot be played')), {
        once: true,
      });
    });
    this.#video.currentTime = (middle * timeBase.num) / timeBase.den;
    await sought;
    return this.#wanted === frame ? this.#video : undefined;
  }

  close(): void {
    this.#video.removeAttribute('src');
    this.#video.load();
  }
}
