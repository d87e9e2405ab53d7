import { dhs02611, dhs13906, dhs13908 } from './policies-dhs.ts';
import { eo13960, m2410, m2521 } from './policies-federal.ts';
import type { Policy } from './policy.ts';

/** The built-in policies, by the day on which they began. */
export const builtInPolicies: readonly Policy[] = [eo13960, dhs13906, dhs02611, m2410, dhs13908, m2521];
