import type { CommandSpec } from '../core/command.ts';
import { governance } from '../governance/commands/index.ts';
import { faceTest } from '../uses/faces/commands.ts';

/** `tidewaiter governance`. What a use brings to the group is one more name in the list. */
export const governanceCommand: CommandSpec = governance(
  async () => (await import('../uses/charters.ts')).useCharters,
  [faceTest],
);
