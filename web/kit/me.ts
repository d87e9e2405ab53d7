import { createContext, useContext } from 'react';
import type { Person, Session } from '../../src/client/index.ts';
import { useApi } from './api.ts';

export type Role = Person['grants'][number]['role'];

export const SessionContext = createContext<Session>({ state: 'none' });

/** Who looks at the page. */
export function useSession(): Session {
  return useContext(SessionContext);
}

/** Whether whoever looks may do something; the server decides, this only spares them buttons that would be refused. */
export function useMay(): (roles: readonly Role[], site?: string) => boolean {
  const { grants = [] } = useSession();
  return (roles, site) =>
    grants.some(
      (grant) =>
        roles.includes(grant.role as Role) &&
        (grant.site === '*' || (site !== undefined && grant.site === site)),
    );
}

export const workers: readonly Role[] = ['officer', 'analyst', 'investigator', 'supervisor', 'admin'];

/** Turns short names of sites into their names. */
export function useSiteNames(): (id: string) => string {
  const { data } = useApi('listSites', {});
  const names = new Map(data?.items.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

/** Turns ids of people into names. */
export function useNames(): (id: string) => string {
  const { data } = useApi('listColleagues', {});
  const names = new Map(data?.items.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}
