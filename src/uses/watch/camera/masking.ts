import type { Size } from '../../../core/box.ts';
import type { PixelSource } from '../../../core/observation.ts';
import type { Seconds } from '../../../core/time.ts';
import { PictureRecorder } from '../../../media/live/record/index.ts';
import { encodeJpeg } from '../../../media/picture/write.ts';
import type { Looked } from '../camera-watch.ts';
import type { LiveMessage } from '../live-messages.ts';
import type { Snapshot } from '../live.ts';
import type { PrivacyZones } from '../privacy.ts';
import { MadeStream } from './made-stream.ts';
import { maskedPerSecond, MaskedView } from './masked-view.ts';

/** Makes what may be seen of a camera without a reason, from the frames that are looked at. */
export class Masking {
  readonly #privacy: PrivacyZones;
  readonly #put: (message: LiveMessage) => void;
  readonly #stream: MadeStream<PictureRecorder>;
  #view: { readonly of: string; readonly view: MaskedView } | undefined;

  constructor(privacy: PrivacyZones, put: (message: LiveMessage) => void) {
    this.#privacy = privacy;
    this.#put = put;
    this.#stream = new MadeStream({
      // As pictures come at two paces, the faster one is planned with.
      start: () => new PictureRecorder({ fps: maskedPerSecond, gop: maskedPerSecond, at: Date.now }),
      onHead: (head) => put({ type: 'masked-head', head }),
      onFragment: (fragment) => put({ type: 'masked-fragment', fragment }),
    });
  }

  /** @returns the picture, which there is in any case when there are alerts. */
  async look(
    frame: PixelSource,
    { time, at, looked }: { readonly time: Seconds; readonly at: number; readonly looked: Looked },
  ): Promise<Snapshot | undefined> {
    const found = [...looked.tracks, ...looked.observations];
    const picture = this.#viewFor(frame).look(frame, time, found, looked.alerts.length > 0);
    if (picture === undefined) return undefined;
    await this.#stream.push(picture, time, at, (recorder) => recorder.push(picture, time));
    const { width, height } = picture;
    const masked = { width, height, jpeg: await encodeJpeg(picture, { quality: 75 }) };
    this.#put({ type: 'masked', frame: { ...masked, at } });
    return masked;
  }

  end(): Promise<void> {
    return this.#stream.end();
  }

  /** What is known of a scene holds for pictures of one size. */
  #viewFor({ width, height }: Size): MaskedView {
    const of = `${width}x${height}`;
    if (this.#view?.of !== of) this.#view = { of, view: new MaskedView({ width, height }, this.#privacy) };
    return this.#view.view;
  }
}
