import type { CommandSpec } from '../../core/command.ts';
import { discoverCommand } from './discover/command.ts';
import { verifyEvidenceCommand } from './evidence/command.ts';
import { watch } from './watch-command.ts';

export const commands: readonly CommandSpec[] = [
  { ...watch, subcommands: [...(watch.subcommands ?? []), verifyEvidenceCommand, discoverCommand] },
];
