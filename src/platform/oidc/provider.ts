import { readFile } from 'node:fs/promises';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type ClientAuth,
  type Configuration,
  type CustomFetch,
} from 'openid-client';
import type { Settings } from '../settings/settings.ts';
import { oidcError, providerError } from './errors.ts';
import type { Flow } from './flow.ts';
import { isSafeToReach } from './reach.ts';

export type OidcSettings = NonNullable<Settings['oidc']>;

/** Somebody as the provider knows them. */
export interface Identity {
  /** As {@link normalIssuer} writes it. */
  readonly issuer: string;
  /** Who it is at that issuer; not to be read as a name. */
  readonly subject: string;
}

/** What the provider confirmed. */
export interface Confirmed extends Identity {
  /** The provider met one of the settings' levels of assurance. */
  readonly assured: boolean;
  /** Asks for what others see of the person; empty where the provider does not say. */
  readonly profile: () => Promise<Profile>;
}

export interface Profile {
  readonly login?: string;
  readonly name?: string;
}

/** What a flow knows before the browser is sent away. */
type Begun = Pick<Flow, 'state' | 'nonce' | 'verifier'>;

const timeoutSeconds = 10;
/** The description of the provider is read anew after this long; its keys when one is not known. */
const refreshMs = 3_600_000;
/** People prove themselves to the provider within this time, or again: its own session may have been left open. */
const freshSeconds = 300;

/** Issuers are compared as addresses: with or without a slash after the host is the same. */
export function normalIssuer(issuer: string): string {
  return new URL(issuer).href;
}

/**
 * The agency's provider of identities: OpenID Connect, authorization code flow with PKCE. Nothing is asked of it before
 * the first sign-in, so a provider that is away does not keep the server from starting.
 */
export class Provider {
  readonly #settings: OidcSettings;
  readonly #redirect: string;
  readonly #maxAge: number;
  #known: { readonly until: number; readonly configuration: Promise<Configuration> } | undefined;

  /**
   * @param redirect address that the provider sends browsers back to.
   * @param idleMinutes a session locked after this long must not be replaced without a new proof.
   */
  constructor(settings: OidcSettings, redirect: string, idleMinutes: number) {
    this.#settings = settings;
    this.#redirect = redirect;
    this.#maxAge = Math.min(freshSeconds, Math.floor(idleMinutes * 60));
  }

  /** Where to send the browser. @throws TidewaiterError `E_OIDC`. */
  async begin(): Promise<Begun & { readonly location: string }> {
    const configuration = await this.#configuration();
    const begun = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const { createPeople, requiredAcr } = this.#settings;
    const location = buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirect,
      scope: createPeople ? 'openid profile' : 'openid',
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
      max_age: String(this.#maxAge),
      ...(requiredAcr === undefined ? {} : { acr_values: requiredAcr.join(' ') }),
    });
    return { ...begun, location: location.href };
  }

  /**
   * Redeems what the browser came back with. State, issuer, audience, nonce, times and the signature are checked.
   * @throws TidewaiterError `E_OIDC`.
   */
  async end(flow: Begun, answer: URLSearchParams): Promise<Confirmed> {
    const configuration = await this.#configuration();
    const url = new URL(this.#redirect);
    url.search = answer.toString();
    const tokens = await authorizationCodeGrant(configuration, url, {
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      pkceCodeVerifier: flow.verifier,
      maxAge: this.#maxAge,
      idTokenExpected: true,
    }).catch((error: unknown) => {
      throw providerError(error);
    });
    const claims = tokens.claims();
    const issuer = normalIssuer(this.#settings.issuer);
    // Providers of many tenants describe themselves by one address and issue by another: only the one that was set counts.
    if (claims === undefined || normalIssuer(claims.iss) !== issuer) {
      throw providerError(undefined);
    }
    const { acr, sub: subject } = claims;
    return {
      issuer,
      subject,
      assured: typeof acr === 'string' && (this.#settings.requiredAcr ?? []).includes(acr),
      profile: () => profileOf(configuration, tokens.access_token, subject),
    };
  }

  async #configuration(): Promise<Configuration> {
    if (this.#known === undefined || this.#known.until < performance.now()) {
      const known = { until: performance.now() + refreshMs, configuration: this.#discover() };
      this.#known = known;
      // A failure is not kept: the next sign-in asks again.
      known.configuration.catch(() => {
        if (this.#known === known) this.#known = undefined;
      });
    }
    return this.#known.configuration;
  }

  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecretFile } = this.#settings;
    const authentication =
      clientSecretFile === undefined ? None() : withSecret(await secretIn(clientSecretFile));
    return discovery(new URL(issuer), clientId, undefined, authentication, {
      timeout: timeoutSeconds,
      // Every address is checked by the fetch below instead, which lets only this machine itself do without TLS.
      execute: [allowInsecureRequests, enableNonRepudiationChecks],
      [customFetch]: safeFetch,
    }).catch((error: unknown) => {
      throw providerError(error);
    });
  }
}

async function profileOf(configuration: Configuration, token: string, subject: string): Promise<Profile> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  const { preferred_username: login, name } = await fetchUserInfo(configuration, token, subject).catch(
    (error: unknown) => {
      throw providerError(error);
    },
  );
  return {
    ...(typeof login === 'string' ? { login } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
}

const safeFetch: CustomFetch = async (url, options) => {
  if (isSafeToReach(url)) return fetch(url, options as RequestInit);
  throw oidcError('The provider names an address without TLS', 'Ask an administrator to have that mended.');
};

async function secretIn(path: string): Promise<string> {
  const secret = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unusableSecret(error);
  });
  if (secret.trim() === '') throw unusableSecret();
  return secret.trim();
}

function unusableSecret(cause?: unknown) {
  return oidcError(
    'This server’s own secret for the provider cannot be read',
    'Ask an administrator to look at the setting oidc.clientSecretFile.',
    cause,
  );
}

/** In the header, as clients are registered by default (OpenID Connect Registration 1.0), where the provider takes that. */
function withSecret(secret: string): ClientAuth {
  return (server, ...rest) => {
    const ways = server.token_endpoint_auth_methods_supported;
    const basic = ways === undefined || ways.includes('client_secret_basic');
    return (basic ? ClientSecretBasic(secret) : ClientSecretPost(secret))(server, ...rest);
  };
}
