import { spawnSync } from 'node:child_process';

/** What ffmpeg's `ssim` filter says of the luma of every `step`-th frame of two videos, 0..1. */
export function peerSsim(one: string, other: string, step: number): number {
  const every = `select=not(mod(n\\,${step})),setpts=N`;
  const graph = `[0:v]${every}[a];[1:v]${every}[b];[a][b]ssim`;
  const args = ['-nostdin', '-i', one, '-i', other, '-lavfi', graph, '-f', 'null', '-'];
  const { stderr } = spawnSync('ffmpeg', args, { encoding: 'utf8' });
  const luma = /SSIM Y:([\d.]+)/.exec(stderr)?.[1];
  if (luma === undefined) throw new Error(`ffmpeg compared nothing: ${stderr.slice(-500)}`);
  return Number(luma);
}
