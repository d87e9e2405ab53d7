/** `2026-11-22T23-22-41.123Z`: a moment as a part of a file name, which sorts by time. */
export function utcName(at: number): string {
  return new Date(at).toISOString().replaceAll(':', '-');
}
