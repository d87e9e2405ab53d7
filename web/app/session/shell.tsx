import { useEffect, useRef, type ReactNode } from 'react';
import { t } from '../../text/en.ts';

/** What stands around every step of signing in. */
export function Shell({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t.name}`;
    heading.current?.focus();
  }, [title]);
  return (
    <div className="tw-shell">
      <header className="tw-shell__head">
        <span className="tw-mark" aria-hidden="true" />
        <span className="tw-name">{t.name}</span>
      </header>
      <main className="tw-card" id="main">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== undefined && <p>{lead}</p>}
        {children}
      </main>
      <footer className="tw-shell__foot">{t.frame.notGovernment}</footer>
    </div>
  );
}
