import type { CommandSpec } from '../core/command.ts';
import { commands as redaction } from './redaction/commands.ts';

/** The commands of every use. A new use is one more line here. */
export const useCommands: readonly CommandSpec[] = [...redaction];
