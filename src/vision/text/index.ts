export { classifyLines, matchLines, type ReadLine } from './classify.ts';
export { rectify, type Turn } from './crop.ts';
export { decodeCtc, parseAlphabet, restrictTo } from './ctc.ts';
export { decodeDbText, type DbTextOptions } from './db.ts';
export { isVertical, lineSize, type TextLine } from './line.ts';
export {
  findSensitive,
  type SensitiveOptions,
  type SensitiveRules,
  type TextContext,
} from './patterns/find.ts';
export type { Certainty, SensitiveKind, SensitiveMatch } from './patterns/match.ts';
export { checkMrz, type MrzCheck, type MrzFormat } from './patterns/mrz-document.ts';
export { compilePatterns, type PatternMatcher } from './patterns/user-patterns.ts';
export { compileWords, type WordMatcher } from './patterns/words.ts';
export { TextReader, type FindTextOptions, type TextModels } from './reader.ts';
