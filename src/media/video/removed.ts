import type { VideoInfo } from './info.ts';

/** Something of the source that is not in the output. */
export interface RemovedItem {
  readonly kind:
    'tag' | 'video' | 'subtitle' | 'data' | 'attachment' | 'cover' | 'unknown' | 'chapters' | 'side-data';
  /** Name of the tag, codec of the track, or what the side data is. Never its content. */
  readonly what: string;
}

/** Tags that describe the old file rather than the recording, and that every muxer writes anew. */
const structural = new Set(['major_brand', 'minor_version', 'compatible_brands']);

/**
 * What is left behind when only the tags named in `keep` are kept.
 * @param ofFrames names of what frames brought along.
 */
export function removedParts(
  info: VideoInfo,
  ofFrames: readonly string[],
  keep: ReadonlySet<string>,
): RemovedItem[] {
  const tags = Object.keys(info.metadata).filter(
    (name) => !structural.has(name) && !keep.has(bareName(name)),
  );
  return [
    ...tags.map((what): RemovedItem => ({ kind: 'tag', what })),
    ...(info.chapters ? [{ kind: 'chapters', what: 'titles and times' } as const] : []),
    ...info.others.map(({ kind, codec }): RemovedItem => ({ kind, what: codec })),
    ...[...new Set([...info.sideData, ...ofFrames])].map((what): RemovedItem => ({
      kind: 'side-data',
      what,
    })),
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
