import type { CommandSpec } from '../../core/command.ts';
import { detect } from './detect-command.ts';
import { redact } from './redact-command.ts';

export const commands: readonly CommandSpec[] = [redact, detect];
