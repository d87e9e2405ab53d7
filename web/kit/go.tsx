import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A link within the console. */
export function Go({
  to,
  children,
  className,
}: {
  readonly to: string;
  readonly children: ReactNode;
  readonly className?: string;
}): ReactNode {
  return (
    <Link to={to} className={className ?? 'usa-link'}>
      {children}
    </Link>
  );
}

/** Goes to another page of the console. */
export function useGo(): (to: string) => void {
  const navigate = useNavigate();
  return (to) => void navigate({ to });
}

/** Whose page it is: the id in the address. */
export function useIdOfPage(): string {
  const { id = '' }: Readonly<Record<string, string>> = useParams({ strict: false });
  return id;
}

/** Filters of a list, kept in the address so that a list can be sent to somebody and found again. */
export function useFilters(): readonly [
  Readonly<Record<string, string>>,
  (changes: Readonly<Record<string, string>>) => void,
] {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const filters = Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]));
  const change = (changes: Readonly<Record<string, string>>): void => {
    const merged = Object.entries({ ...filters, ...changes }).filter(([, value]) => value !== '');
    void navigate({ to: '.', search: Object.fromEntries(merged), replace: true });
  };
  return [filters, change];
}
