import { useEffect, useRef, type ReactNode } from 'react';
import { t } from '../text/en.ts';
import { Go } from './go.tsx';

/** A page: its way up, its heading, what can be done, what there is. The heading takes the focus, so that it is read out. */
export function Page({
  title,
  above = [],
  actions,
  lead,
  children,
}: {
  readonly title: string;
  /** Pages above this one, from the top. */
  readonly above?: readonly (readonly [to: string, title: string])[];
  readonly actions?: ReactNode;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t.name}`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      {above.length > 0 && (
        <nav className="usa-breadcrumb" aria-label={t.frame.breadcrumbs}>
          <ol className="usa-breadcrumb__list">
            {above.map(([to, name]) => (
              <li key={to} className="usa-breadcrumb__list-item">
                <Go to={to} className="usa-breadcrumb__link">
                  <span>{name}</span>
                </Go>
              </li>
            ))}
            <li className="usa-breadcrumb__list-item usa-current" aria-current="page">
              <span>{title}</span>
            </li>
          </ol>
        </nav>
      )}
      <div className="tw-title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <div className="tw-row">{actions}</div>
      </div>
      {lead !== undefined && <p className="tw-lead">{lead}</p>}
      {children}
    </>
  );
}

export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="tw-section">
      <div className="tw-title">
        <h2>{title}</h2>
        <div className="tw-row">{actions}</div>
      </div>
      {children}
    </section>
  );
}

/** Names and what they are. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  return (
    <dl className="tw-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
