import type { VideoIndex } from '../../../../media/proxy/frame-index.ts';
import type { Size } from '../../../../core/box.ts';
import { api } from '../../../../../web/kit/api.ts';
import { proxyAddress } from '../../../../../web/kit/api.ts';
import { openPicture, openVideo, type Player } from './player.ts';
import type { Sound, Strip } from './timeline-paint.ts';

/** What of an asset can be shown, ready for it. */
export interface Shown {
  readonly player: Player;
  /** Absent for a picture. */
  readonly video: VideoIndex | undefined;
  /** Of the picture as the copy has it. */
  readonly size: Size;
  /** Width as seen against height. */
  readonly aspect: number;
  readonly strip: Strip | undefined;
  readonly sound: Sound | undefined;
}

/** What the studio reads of the index of a proxy (src/media/proxy/proxy-index.ts). */
interface Index {
  readonly video?: VideoIndex;
  readonly picture?: { readonly size: Size };
  readonly strip?: { readonly tile: Size; readonly columns: number; readonly pts: readonly number[] };
  readonly sound: readonly {
    readonly rate: number;
    readonly first: number;
    readonly count: number;
    readonly offset: number;
  }[];
}

/** Reads the index of an asset's copy and opens what it holds. */
export async function openShown(asset: string, signal: AbortSignal): Promise<Shown> {
  const file = (kind: 'index' | 'strip' | 'waveform'): Promise<Response> =>
    api.fetch('readProxy', { params: { id: asset, kind }, signal });
  const index = (await (await file('index')).json()) as Index;
  const { video, picture } = index;
  if (video === undefined) {
    const size = picture?.size ?? { width: 1, height: 1 };
    const player = await openPicture(proxyAddress(asset, 'picture'));
    const aspect = size.width / size.height;
    return { player, video, size, aspect, strip: undefined, sound: undefined };
  }
  const { shown: size, source, pixelAspect, timeBase } = video;
  const [track] = index.sound;
  const [player, strip, peaks] = await Promise.all([
    openVideo(video, proxyAddress(asset, 'video')),
    index.strip === undefined
      ? undefined
      : file('strip').then(async (one) => createImageBitmap(await one.blob())),
    track === undefined ? undefined : file('waveform').then((one) => one.arrayBuffer()),
  ]);
  return {
    ...{ player, video, size },
    aspect: (source.width * pixelAspect.num) / pixelAspect.den / source.height,
    strip:
      index.strip === undefined || strip === undefined
        ? undefined
        : {
            ...{ sheet: strip, tile: index.strip.tile, columns: index.strip.columns },
            times: index.strip.pts.map((ticks) => (ticks * timeBase.num) / timeBase.den),
          },
    sound:
      track === undefined || peaks === undefined
        ? undefined
        : {
            ...{ rate: track.rate, first: track.first },
            peaks: new Int8Array(peaks, track.offset, 2 * track.count),
          },
  };
}
