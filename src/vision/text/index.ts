export { decodeCtc, parseAlphabet, restrictTo } from './ctc.ts';
export { decodeDbText, type DbTextOptions } from './db.ts';
