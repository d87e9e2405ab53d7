import { TidewaiterError } from '../../core/errors.ts';

/** A login as it is kept and compared: how it was typed (case, width of letters, spaces around it) does not matter. */
export function normalLogin(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase();
}

/**
 * The login of a new person, in its normal form.
 * @throws TidewaiterError `E_PERSON`.
 */
export function checkedLogin(login: string): string {
  const normal = normalLogin(login);
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]{0,99}$/u.test(normal)) return normal;
  throw new TidewaiterError(
    'E_PERSON',
    'That cannot be a login',
    'Use up to 100 letters, digits and . _ @ + -, starting with a letter or digit.',
  );
}

/**
 * The name of a new person as others see it.
 * @throws TidewaiterError `E_PERSON`.
 */
export function checkedName(name: string): string {
  const normal = name.normalize('NFC').trim();
  if (/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u.test(normal)) return normal;
  throw new TidewaiterError(
    'E_PERSON',
    'That cannot be the name of a person',
    'Use 1 to 200 characters on one line.',
  );
}
