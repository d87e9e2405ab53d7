import type { CameraFigures } from '../live.ts';
import type { DeliveryStanding } from './delivery.ts';

/** What the service of a camera says of itself each second, as its row keeps it. */
export interface CameraNote extends CameraRates, DeliveryStanding {
  readonly waitingRecordings: number;
  readonly failedRecordings: number;
}

interface CameraRates extends CameraFigures {
  /** Frames looked at in each second of the last ones. */
  readonly fps: number;
}

/** Seconds over which frames are counted. */
const SPAN = 5;

/** Tells from counts how many frames there are in a second. */
export class Rates {
  readonly #last: CameraFigures[] = [];

  update(figures: CameraFigures): CameraRates {
    this.#last.push(figures);
    if (this.#last.length > SPAN + 1) this.#last.shift();
    const first = this.#last[0] ?? figures;
    const seconds = (figures.at - first.at) / 1000;
    return { ...figures, fps: seconds > 0 ? (figures.frames - first.frames) / seconds : 0 };
  }
}
