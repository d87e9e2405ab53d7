/** What a person may be at a site. */
export const roles = [
  'viewer',
  'officer',
  'analyst',
  'operator',
  'annotator',
  'investigator',
  'supervisor',
  'privacy',
  'civil-rights',
  'ai-governance',
  'admin',
] as const;
export type Role = (typeof roles)[number];

/** A role at a site; `*` is every site there is and will be. */
export interface Grant {
  readonly site: string;
  readonly role: Role;
}

/** What an API token may be used for, beyond what its owner may do. */
export const scopes = ['read', 'write', 'upload', 'jobs', 'people', 'settings'] as const;
export type Scope = (typeof scopes)[number];

/** Who is calling, as far as it was proved. */
export interface Principal {
  readonly personId: string;
  readonly name: string;
  readonly grants: readonly Grant[];
  readonly via: 'session' | 'token';
  /** A token's scopes; a session has all of them. */
  readonly scopes: readonly Scope[];
}

/**
 * The one place that decides whether somebody may do something somewhere.
 * @param site where; absent for what belongs to no site, which takes a role at every site.
 */
export function holdsRole(
  { grants }: Pick<Principal, 'grants'>,
  wanted: readonly Role[],
  site?: string,
): boolean {
  return grants.some(
    (grant) =>
      wanted.includes(grant.role) && (grant.site === '*' || (site !== undefined && grant.site === site)),
  );
}

/** Sites at which somebody holds one of the roles; `'*'` for all. */
export function sitesOf(
  { grants }: Pick<Principal, 'grants'>,
  wanted: readonly Role[],
): readonly string[] | '*' {
  const held = grants.filter(({ role }) => wanted.includes(role)).map(({ site }) => site);
  return held.includes('*') ? '*' : [...new Set(held)];
}
