import type { CommandSpec } from '../../core/command.ts';
import { detect } from './detect-command.ts';
import { evaluate } from './evaluate/evaluate-command.ts';
import { redact } from './redact-command.ts';
import { verify } from './verify-command.ts';

export const commands: readonly CommandSpec[] = [{ ...redact, subcommands: [evaluate] }, detect, verify];
