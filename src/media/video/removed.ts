import {
  AV_FRAME_DATA_A53_CC,
  AV_FRAME_DATA_EXIF,
  AV_FRAME_DATA_GOP_TIMECODE,
  AV_FRAME_DATA_S12M_TIMECODE,
  AV_FRAME_DATA_SEI_UNREGISTERED,
  type AVFrameSideDataType,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import type { VideoInfo } from './info.ts';

/** Something of the source that is not in the output. */
export interface RemovedItem {
  readonly kind:
    'tag' | 'video' | 'subtitle' | 'data' | 'attachment' | 'cover' | 'unknown' | 'chapters' | 'side-data';
  /** Name of the tag, codec of the track, or what the side data is. Never its content. */
  readonly what: string;
}

const frameData: readonly (readonly [AVFrameSideDataType, string])[] = [
  [AV_FRAME_DATA_A53_CC, 'closed captions in the video stream'],
  [AV_FRAME_DATA_SEI_UNREGISTERED, 'user data in the video stream'],
  [AV_FRAME_DATA_S12M_TIMECODE, 'time codes in the video stream'],
  [AV_FRAME_DATA_GOP_TIMECODE, 'time codes in the video stream'],
  [AV_FRAME_DATA_EXIF, 'EXIF in the video stream'],
];

/** Takes data off decoded frames that encoders might carry over, and remembers what there was. */
export class SideDataRemover {
  readonly #found = new Set<string>();

  clean(frame: Frame): void {
    for (const [type, what] of frameData) {
      if (frame.getSideData(type) === null) continue;
      frame.removeSideData(type);
      this.#found.add(what);
    }
  }

  items(): RemovedItem[] {
    return [...this.#found].map((what) => ({ kind: 'side-data', what }));
  }
}

/** Tags that describe the old file rather than the recording, and that every muxer writes anew. */
const structural = new Set(['major_brand', 'minor_version', 'compatible_brands']);

/** Tags and tracks that are left behind when only the tags named in `keep` are kept. */
export function removedParts(info: VideoInfo, keep: ReadonlySet<string>): RemovedItem[] {
  const tags = Object.keys(info.metadata).filter(
    (name) => !structural.has(name) && !keep.has(bareName(name)),
  );
  return [
    ...tags.map((what): RemovedItem => ({ kind: 'tag', what })),
    ...(info.chapters ? [{ kind: 'chapters', what: 'titles and times' } as const] : []),
    ...info.others.map(({ kind, codec }): RemovedItem => ({ kind, what: codec })),
  ];
}

/** The tag's name without the stream it belongs to. */
function bareName(name: string): string {
  return name.replace(/^stream \d+: /, '');
}

/** Those of a container's or stream's tags that are kept. */
export function keptTags(tags: Record<string, string>, keep: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => keep.has(name)));
}
