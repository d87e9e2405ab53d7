import { framesBetween, openVideo } from '../../../media/video/index.ts';
import { follow, type Followed } from '../../../vision/follow/follow.ts';
import type { FollowTask } from '../tasks.ts';

/** Follows a box through a file. */
export async function followInFile(
  { input, request }: FollowTask,
  hooks: { readonly signal: AbortSignal; readonly onFollowed: (followed: Followed) => void },
): Promise<Followed> {
  const { signal } = hooks;
  const reader = await openVideo(input, { signal });
  const source = { frames: (from: number, to: number) => framesBetween(input, reader, { from, to, signal }) };
  let known: Followed = { boxes: [] };
  for await (known of follow(source, request)) {
    signal.throwIfAborted();
    hooks.onFollowed(known);
  }
  return known;
}
