import { ffprobe, frameTimes, soundTimes } from '../../test/media-clips.ts';

/** When a file shows and plays what, by ffprobe. */
export interface MediaTimes {
  /** Presentation times of the frames, as ffprobe prints them. */
  readonly frames: readonly string[];
  /** Of the video track, seconds. */
  readonly duration: number;
  /** Presentation times of the sound packets, seconds. */
  readonly sound: readonly number[];
}

export function timesOf(path: string): MediaTimes {
  const { streams = [] } = ffprobe(path, '-select_streams', 'v:0', '-show_entries', 'stream=duration');
  const duration = Number(streams[0]?.['duration']);
  return { frames: frameTimes(path), duration, sound: soundTimes(path) };
}

/** How a copy differs from its source. */
export interface TimeDifference {
  /** Frames more, or fewer when negative. */
  readonly frames: number;
  /** Frames of the source that have no frame at the same time. */
  readonly times: number;
  /** Share by which it lasts longer. */
  readonly duration: number;
  /** Most by which a sound packet moved, seconds; infinite when one is missing or added. */
  readonly sound: number;
}

export function compareTimes(source: MediaTimes, copy: MediaTimes): TimeDifference {
  const sound =
    source.sound.length === copy.sound.length
      ? Math.max(0, ...source.sound.map((time, index) => Math.abs(time - (copy.sound[index] ?? Infinity))))
      : Infinity;
  return {
    frames: copy.frames.length - source.frames.length,
    times: source.frames.filter((time, index) => time !== copy.frames[index]).length,
    duration: copy.duration / source.duration - 1,
    sound,
  };
}
