import { lazy, Suspense, type ReactNode } from 'react';
import { words } from './words.ts';

const StudioPage = lazy(async () => ({ default: (await import('./studio/studio-page.tsx')).StudioPage }));

/** The studio is loaded when somebody opens it: nobody else waits for it. */
export function LazyStudio(): ReactNode {
  return (
    <Suspense fallback={<p role="status">{words.loading.log}</p>}>
      <StudioPage />
    </Suspense>
  );
}
