import { globSync } from 'node:fs';

const rooms = ['src', 'material', 'bench', 'test', 'scripts'];

/** Slow tests: long media, fault injection, packing. They run in the full test command only. */
export function isSlow(path: string): boolean {
  return path.startsWith('test/slow/') || path.endsWith('.slow.test.ts');
}

export interface Selection {
  readonly quick: boolean;
  /** Parts of paths; a file is taken when it holds one of them. None means all. */
  readonly filters: readonly string[];
}

/** Which of the test files to run, slow ones first so that none is left to run alone at the end. */
export function selectTestFiles(found: readonly string[], selection: Selection): string[] {
  const { quick, filters } = selection;
  return found
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !(quick && isSlow(path)))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .sort((a, b) => Number(isSlow(b)) - Number(isSlow(a)) || (a < b ? -1 : 1));
}

/** All test files of the project, relative to its root. */
export function findTestFiles(): string[] {
  return globSync(rooms.map((room) => `${room}/**/*.test.ts`));
}
