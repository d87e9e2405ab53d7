import type { CommandSpec } from '../core/command.ts';
import { commands as redaction } from './redaction/commands.ts';
import { commands as watch } from './watch/commands.ts';

/** The commands of every use. A new use is one more line here. */
export const useCommands: readonly CommandSpec[] = [...redaction, ...watch];
