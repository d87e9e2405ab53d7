import { keyFrameOf, type FrameTable, type VideoIndex } from '../../../../media/proxy/frame-index.ts';
import type { Player } from './player.ts';

/** Pictures that are kept ready around the one shown, bytes. */
const KEPT_BYTES = 200_000_000;
/** Groups that are fetched in one request. */
const BLOCK = 4;
/** Requests whose bytes are kept. */
const BLOCKS = 16;
/** After a jump nothing is made ready around it for so long: copying pictures keeps the page from answering keys. */
const REST_MS = 150;

/** Somebody waits for a frame. */
interface Waiting {
  readonly frame: number;
  readonly resolve: (picture: ImageBitmap | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Shows the frames of a proxy by their number. Groups of frames from one key frame to the next are decoded whole, so that
 * a step in either direction is ready already; the groups around the one shown follow while nobody waits.
 */
export class FrameDecoder implements Player {
  readonly kind = 'exact';
  readonly count: number;
  readonly #index: VideoIndex;
  readonly #table: FrameTable;
  readonly #address: string;
  readonly #config: VideoDecoderConfig;
  readonly #pictures = new Map<number, ImageBitmap>();
  readonly #whole = new Set<number>();
  readonly #blocks = new Map<number, Promise<ArrayBuffer>>();
  readonly #most: number;
  #decoder: VideoDecoder | undefined;
  #arriving: Promise<void>[] = [];
  #waiting: Waiting | undefined;
  #wanted = 0;
  #jumpedAt = 0;
  #timer: number | undefined;
  #running = false;
  #closed = false;

  constructor(index: VideoIndex, table: FrameTable, config: VideoDecoderConfig, address: string) {
    this.#index = index;
    this.#table = table;
    this.#config = config;
    this.#address = address;
    this.count = table.count;
    const groupBytes = index.shown.width * index.shown.height * 4 * index.keyEvery;
    this.#most = Math.max(3, Math.floor(KEPT_BYTES / groupBytes));
  }

  show(frame: number): Promise<ImageBitmap | undefined> {
    if (Math.abs(frame - this.#wanted) > this.#index.keyEvery) {
      this.#jumpedAt = performance.now();
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#run(), REST_MS);
    }
    this.#wanted = frame;
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
    const ready = this.#pictures.get(frame);
    const shown =
      ready !== undefined
        ? Promise.resolve(ready)
        : new Promise<ImageBitmap | undefined>((resolve, reject) => {
            this.#waiting = { frame, resolve, reject };
          });
    void this.#run();
    return shown;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#waiting?.resolve(undefined);
    if (this.#decoder !== undefined && this.#decoder.state !== 'closed') this.#decoder.close();
    for (const picture of this.#pictures.values()) picture.close();
    this.#pictures.clear();
  }

  /** Decodes what is wanted, then what will be wanted next, one group after the other. */
  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#next(); next !== undefined && !this.#closed; next = this.#next())
        await this.#decode(next);
    } catch (error) {
      // A lost connection or a decoder that gave up: the next request begins anew.
      this.#decoder = undefined;
      this.#waiting?.reject(error);
      this.#waiting = undefined;
    } finally {
      this.#running = false;
    }
  }

  /** First frame of the group to decode next. */
  #next(): number | undefined {
    const { keyEvery } = this.#index;
    const here = keyFrameOf(this.#index, this.#wanted);
    const rests = performance.now() - this.#jumpedAt >= REST_MS;
    const near = (rests ? [0, 1, -1, 2] : [0]).map((step) => here + step * keyEvery);
    return near.slice(0, this.#most).find((key) => key >= 0 && key < this.count && !this.#whole.has(key));
  }

  async #decode(key: number): Promise<void> {
    const end = Math.min(this.count, key + this.#index.keyEvery);
    const { data, from } = await this.#bytes(key);
    if (this.#closed) return;
    const decoder = this.#opened();
    const { offset, bytes } = this.#table;
    for (let frame = key; frame < end; frame++)
      decoder.decode(
        new EncodedVideoChunk({
          type: frame === key ? 'key' : 'delta',
          // Its number, so that what comes out is known by it.
          timestamp: frame,
          data: new Uint8Array(data, (offset[frame] ?? 0) - from, bytes[frame] ?? 0),
        }),
      );
    await decoder.flush();
    await Promise.all(this.#arriving);
    this.#arriving = [];
    this.#whole.add(key);
    this.#forget();
  }

  #opened(): VideoDecoder {
    if (this.#decoder !== undefined && this.#decoder.state === 'configured') return this.#decoder;
    const decoder = new VideoDecoder({
      output: (frame) => this.#arriving.push(this.#keep(frame)),
      error: () => undefined, // flush() throws it as well.
    });
    decoder.configure(this.#config);
    this.#decoder = decoder;
    return decoder;
  }

  /** Frames belong to the decoder, which stops when too many are held; a bitmap is ours. */
  async #keep(frame: VideoFrame): Promise<void> {
    const number = frame.timestamp;
    const { width, height } = this.#index.shown;
    try {
      const picture = await createImageBitmap(frame, 0, 0, width, height);
      this.#pictures.get(number)?.close();
      if (this.#closed) return picture.close();
      this.#pictures.set(number, picture);
      if (this.#waiting?.frame !== number) return;
      this.#waiting.resolve(picture);
      this.#waiting = undefined;
    } finally {
      frame.close();
    }
  }

  async #bytes(key: number): Promise<{ readonly data: ArrayBuffer; readonly from: number }> {
    const { keyEvery } = this.#index;
    const block = Math.floor(key / keyEvery / BLOCK);
    const first = block * BLOCK * keyEvery;
    const last = Math.min(this.count, first + BLOCK * keyEvery) - 1;
    const from = this.#table.offset[first] ?? 0;
    const to = (this.#table.offset[last] ?? 0) + (this.#table.bytes[last] ?? 0);
    let asked = this.#blocks.get(block);
    if (asked === undefined) {
      asked = rangeOf(this.#address, from, to);
      this.#blocks.set(block, asked);
      asked.catch(() => this.#blocks.delete(block));
      const [oldest] = this.#blocks.keys();
      if (this.#blocks.size > BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
    }
    return { data: await asked, from };
  }

  /** Lets go of the groups that are farthest away. */
  #forget(): void {
    const byDistance = [...this.#whole].sort(
      (a, b) => Math.abs(a - this.#wanted) - Math.abs(b - this.#wanted),
    );
    for (const key of byDistance.slice(this.#most)) {
      this.#whole.delete(key);
      for (let frame = key; frame < key + this.#index.keyEvery; frame++) {
        this.#pictures.get(frame)?.close();
        this.#pictures.delete(frame);
      }
    }
  }
}

async function rangeOf(address: string, from: number, to: number): Promise<ArrayBuffer> {
  const response = await fetch(address, { headers: { range: `bytes=${from}-${to - 1}` } });
  if (response.status !== 206) throw new Error(`the video was answered with ${response.status}`);
  return response.arrayBuffer();
}
