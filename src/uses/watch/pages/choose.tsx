import type { ReactNode } from 'react';
import { Button } from '../../../../web/kit/form.tsx';

/** The name in a row of a table, by which the row is chosen. */
export function Choose({
  chosen,
  onChoose,
  children,
}: {
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Button kind="unstyled" className="ww-choose" aria-pressed={chosen} onClick={onChoose}>
      {children}
    </Button>
  );
}
