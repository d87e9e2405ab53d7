import { lazy, Suspense, type ReactNode } from 'react';
import { t } from '../../../text/en.ts';

const Parts = lazy(async () => ({ default: (await import('./parts.tsx')).PartsPage }));
const Use = lazy(async () => ({ default: (await import('./use.tsx')).UsePage }));

function Later({ children }: { readonly children: ReactNode }): ReactNode {
  return <Suspense fallback={<p role="status">{t.oversight.loading}</p>}>{children}</Suspense>;
}

/** Oversight is loaded when somebody opens it: nobody else waits for it. */
export function OversightPage(): ReactNode {
  return (
    <Later>
      <Parts />
    </Later>
  );
}

export function OversightUsePage(): ReactNode {
  return (
    <Later>
      <Use />
    </Later>
  );
}
