import { redactionPages } from '../../src/uses/redaction/pages/index.ts';
import { watchPages } from '../../src/uses/watch/pages/index.ts';
import type { UsePages } from '../kit/use-pages.ts';

/** The uses that the console knows. A new use is one more line here. */
export const uses: readonly UsePages[] = [redactionPages, watchPages];

/** A use's name for people. */
export function titleOf(use: string): string {
  return uses.find((one) => one.use === use)?.title ?? `${use.charAt(0).toUpperCase()}${use.slice(1)}`;
}
