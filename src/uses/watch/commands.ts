import type { CommandSpec } from '../../core/command.ts';
import { watch } from './watch-command.ts';

export const commands: readonly CommandSpec[] = [watch];
