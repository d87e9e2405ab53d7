import type { ReactNode } from 'react';
import { ProblemError } from '../../src/client/index.ts';
import { t } from '../text/en.ts';

/** What went wrong and what to do about it. Read out as soon as it appears. */
export function Problem({ error }: { readonly error: unknown }): ReactNode {
  if (error === null || error === undefined) return null;
  const known = error instanceof ProblemError ? error.problem : undefined;
  // What a browser throws when a passkey was not given, or a copy not allowed.
  const gaveUp = error instanceof DOMException;
  return (
    <div className="usa-alert usa-alert--error usa-alert--slim" role="alert">
      <div className="usa-alert__body">
        <p className="usa-alert__text">
          <strong>{known?.title ?? (gaveUp ? t.problem.gaveUp : t.problem.unknown)}.</strong>{' '}
          {known?.remedy ?? t.problem.tryAgain}
          {known !== undefined && (
            <span className="tw-quiet tw-block">
              {known.code} · {t.problem.request} {known.request}
            </span>
          )}
        </p>
      </div>
    </div>
  );
}

/** What a page says while it waits, when something went wrong, and when there is nothing. */
export function Waiting({
  query,
  empty,
}: {
  readonly query: { readonly isPending: boolean; readonly error: unknown };
  readonly empty?: ReactNode;
}): ReactNode {
  if (query.error !== null) return <Problem error={query.error} />;
  if (query.isPending) return <p role="status">{t.problem.loading}</p>;
  return empty ?? null;
}
