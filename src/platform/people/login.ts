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
  if (!looksLikeAnother(normal) && /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]{0,99}$/u.test(normal)) return normal;
  throw new TidewaiterError(
    'E_PERSON',
    'That cannot be a login',
    'Use up to 100 letters of one script, digits and . _ @ + -, starting with a letter or digit.',
  );
}

/** What nobody sees, and letters that look like those of another script beside them: to be taken for somebody else (UTS 39). */
function looksLikeAnother(login: string): boolean {
  const alphabets = [
    /\p{Script=Latin}/u,
    /\p{Script=Greek}/u,
    /\p{Script=Cyrillic}/u,
    /\p{Script=Armenian}/u,
  ];
  const mixed = alphabets.filter((alphabet) => alphabet.test(login)).length > 1;
  return mixed || invisible.test(login);
}

const invisible = /\p{Default_Ignorable_Code_Point}/u;

/**
 * The name of a new person as others see it.
 * @throws TidewaiterError `E_PERSON`.
 */
export function checkedName(name: string): string {
  const normal = name.normalize('NFC').trim();
  if (!invisible.test(normal) && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u.test(normal)) return normal;
  throw new TidewaiterError(
    'E_PERSON',
    'That cannot be the name of a person',
    'Use 1 to 200 characters on one line.',
  );
}
