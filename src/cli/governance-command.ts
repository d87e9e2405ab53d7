import type { CommandSpec } from '../core/command.ts';
import { governance } from '../governance/commands/index.ts';
import { faceTest } from '../uses/faces/commands.ts';
import { ledgerCommand } from './ledger-command.ts';
import { permitCommand } from './permit-command.ts';

/**
 * `tidewaiter governance`. What a use brings to the group is one more name in the list; the ledger and the permits of an
 * installation are here because only the assembled program reaches its store.
 */
export const governanceCommand: CommandSpec = governance(
  async () => (await import('../uses/charters.ts')).useCharters,
  [ledgerCommand, permitCommand, faceTest],
);
