import { execFileSync } from 'node:child_process';

/** All that exiftool finds in a file, embedded parts too; names begin with their group. */
export function exiftool(path: string): Record<string, unknown> {
  const text = execFileSync('exiftool', ['-json', '-ee', '-G1', '-a', path], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (JSON.parse(text.toString()) as Record<string, unknown>[])[0]!;
}
