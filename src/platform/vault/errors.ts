import { TidewaiterError } from '../../core/errors.ts';

export function vaultDamaged(assetId: string, what: string, cause?: unknown): TidewaiterError {
  return new TidewaiterError(
    'E_VAULT_DAMAGED',
    `The asset ${assetId} is damaged in the vault: ${what}`,
    'Restore its file from a backup, and find out what happened to the disk.',
    { cause },
  );
}

export function vaultErased(assetId: string): TidewaiterError {
  return new TidewaiterError(
    'E_VAULT_ERASED',
    `The asset ${assetId} was erased`,
    'Its erasure is on record, with who erased it and why; its content cannot be brought back.',
  );
}

export function vaultMissing(assetId: string): TidewaiterError {
  return new TidewaiterError(
    'E_VAULT_MISSING',
    `The vault holds no asset ${assetId}`,
    'Check the id of the asset.',
  );
}

export function vaultExists(assetId: string): TidewaiterError {
  return new TidewaiterError(
    'E_VAULT_EXISTS',
    `The asset ${assetId} was stored before, and originals are never changed`,
    'Store it as a new asset.',
  );
}
