/** What an agency decides about sign-in. */
export interface PeopleSettings {
  /** Only algorithms of FIPS 140: PBKDF2 for passwords, SHA-256 for new authenticator apps. */
  readonly fips: boolean;
  /** Minutes without activity after which a session asks for the password again. */
  readonly idleMinutes: number;
  /** Hours after which a session ends whatever happens. */
  readonly sessionHours: number;
  /** Text that has to be accepted at each sign-in; absent when there is none. */
  readonly banner?: string;
}
