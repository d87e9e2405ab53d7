import { useState, type ReactNode } from 'react';
import type { Answer } from '../../kit/api.ts';
import { Button } from '../../kit/form.tsx';
import { canUsePasskeys, provePasskey } from '../../kit/passkey.ts';
import { Problem } from '../../kit/problem.tsx';
import { t } from '../../text/en.ts';

/** Goes on with a passkey instead of what is typed. */
export function PasskeyButton({
  onNext,
}: {
  readonly onNext: (session: Answer<'provePasskey'>) => void;
}): ReactNode {
  const [error, setError] = useState<unknown>();
  if (!canUsePasskeys()) return null;
  return (
    <div className="tw-below">
      <Button onClick={() => void provePasskey().then(onNext, setError)}>{t.signIn.passkey}</Button>
      <Problem error={error} />
    </div>
  );
}
