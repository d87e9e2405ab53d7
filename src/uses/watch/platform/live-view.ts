import type { Fragment, StreamHead } from '../../../media/live/fragment.ts';
import { Rebase, readHead, sameHead, type TrackHead } from '../../../media/live/record/index.ts';
import type { MaskedFrame } from '../live.ts';

/** Who watches a stream. */
export interface StreamViewer {
  /** Bytes that were given to it and have not left yet. */
  readonly waiting: () => number;
  /** The stream begins, or begins again: a new head comes next. */
  readonly onHead: (head: StreamHead, at: number) => void;
  readonly onBytes: (bytes: Uint8Array) => void;
  /** Seconds that were left out because it could not follow. */
  readonly onSkipped: (seconds: number) => void;
}

/** Bytes that may wait for a viewer; above it, pictures are left out up to the next key frame. */
const mostWaiting = 4 * 2 ** 20;
/** The newest group of pictures is kept for who comes later, unless it is larger. */
const mostKept = 16 * 2 ** 20;

/** One camera as it is seen now, for all who watch it in this process. */
export class CameraView {
  readonly #viewers = new Map<StreamViewer, Watching>();
  readonly #masked = new Set<(frame: MaskedFrame) => void>();
  #head: TrackHead | undefined;
  #group: Fragment[] = [];
  #bytes = 0;
  #lastMasked: MaskedFrame | undefined;

  head(head: StreamHead): void {
    if (this.#head === undefined || !sameHead(this.#head, head)) this.#head = readHead(head.bytes);
    this.#clear();
    for (const watching of this.#viewers.values()) watching.restart();
  }

  fragment(fragment: Fragment): void {
    if (fragment.keyFrame) this.#clear();
    else if (this.#group.length === 0) return;
    this.#group.push(fragment);
    this.#bytes += fragment.bytes.length;
    if (this.#head === undefined) return;
    for (const watching of this.#viewers.values()) watching.show(this.#head, fragment);
    if (this.#bytes > mostKept) this.#clear();
  }

  masked(frame: MaskedFrame): void {
    this.#lastMasked = frame;
    for (const tell of this.#masked) tell(frame);
  }

  /** Shows the stream from the newest key frame on. @returns what ends it. */
  watch(viewer: StreamViewer): () => void {
    const watching = new Watching(viewer);
    this.#viewers.set(viewer, watching);
    if (this.#head !== undefined) for (const fragment of this.#group) watching.show(this.#head, fragment);
    return () => void this.#viewers.delete(viewer);
  }

  /** Masked pictures, beginning with the last one there was. @returns what ends it. */
  watchMasked(tell: (frame: MaskedFrame) => void): () => void {
    this.#masked.add(tell);
    if (this.#lastMasked !== undefined) tell(this.#lastMasked);
    return () => void this.#masked.delete(tell);
  }

  #clear(): void {
    [this.#group, this.#bytes] = [[], 0];
  }
}

/** One viewer's own stream: it begins at 0 with a key frame and has no gaps, whatever was left out. */
class Watching {
  readonly #viewer: StreamViewer;
  #head: TrackHead | undefined;
  #rebase: Rebase | undefined;
  #ends = 0;
  #lost: number | undefined;

  constructor(viewer: StreamViewer) {
    this.#viewer = viewer;
  }

  restart(): void {
    this.#head = undefined;
  }

  show(head: TrackHead, fragment: Fragment): void {
    const { waiting, onHead, onBytes, onSkipped } = this.#viewer;
    const tooSlow = waiting() > mostWaiting;
    if (tooSlow) this.#lost ??= fragment.time;
    if (tooSlow || (this.#lost !== undefined && !fragment.keyFrame)) return;
    if (this.#head !== head) {
      if (!fragment.keyFrame) return;
      this.#head = head;
      this.#rebase = new Rebase(head, 0);
      onHead(head, fragment.at);
      onBytes(head.bytes);
    }
    if (this.#lost !== undefined) {
      onSkipped(fragment.time - this.#lost);
      this.#lost = undefined;
    }
    // A camera that pauses would leave a hole that players wait in.
    onBytes(this.#rebase!.next({ ...fragment, time: this.#ends }));
    this.#ends += fragment.duration;
  }
}

const views = new Map<string, CameraView>();

/** The camera begins to be watched in this process. @returns its view, and what ends it. */
export function openView(cameraId: string): { readonly view: CameraView; readonly close: () => void } {
  const view = new CameraView();
  views.set(cameraId, view);
  const close = (): void => {
    if (views.get(cameraId) === view) views.delete(cameraId);
  };
  return { view, close };
}

/** Undefined when the camera is not watched in this process. */
export function viewOf(cameraId: string): CameraView | undefined {
  return views.get(cameraId);
}
