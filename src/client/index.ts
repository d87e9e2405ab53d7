export { ProblemError, TidewaiterClient, type Answered, type ClientOptions, type Problem } from './client.ts';
export type * from './operations.ts';
