import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As far as it is used here; the package brings no types. */
interface OidcProvider {
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  readonly Grant: GrantClass;
}
interface Grant {
  addOIDCScope(scope: string): void;
  save(): Promise<string>;
}
interface GrantClass {
  new (properties: object): Grant;
  find(id: string): Promise<Grant | undefined>;
}
interface GrantContext {
  readonly oidc: {
    readonly client: { readonly clientId: string };
    readonly session: { readonly accountId: string; grantIdFor(clientId: string): string | undefined };
  };
}

/** By a name that the compiler does not follow. */
const untyped: string = 'oidc-provider';

type Claims = Record<string, unknown>;

/** Who signs in at the provider, without being asked. */
export interface Holder {
  readonly sub: string;
  readonly acr?: string;
  readonly profile?: Readonly<Record<string, string>>;
}

/** A real provider of identities on this machine. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  holder: Holder;
  /** Changes what is said in ID tokens, which are signed anew. */
  forge: ((claims: Claims) => Claims) | undefined;
  /** Signs what is forged with a key that is nobody's. */
  foreignKey: boolean;
  /** Answers nothing but an error. */
  broken: boolean;
  close(): Promise<void>;
}

/** @param redirect address that it sends browsers back to. */
export async function startIdentityProvider(redirect: string): Promise<IdentityProvider> {
  const { Provider } = (await import(untyped)) as {
    Provider: new (issuer: string, configuration: object) => OidcProvider;
  };
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state: IdentityProvider = {
    issuer,
    clientId: 'tidewaiter',
    clientSecret: 'the secret between them',
    holder: { sub: 'nobody' },
    forge: undefined,
    foreignKey: false,
    broken: false,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: state.clientId,
        // Encoded in the header as RFC 6749 asks.
        client_secret: state.clientSecret,
        redirect_uris: [redirect],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...keys.privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key for cookies of this test'] },
    acrValues: ['urn:test:piv', 'urn:test:password'],
    claims: { profile: ['name', 'preferred_username'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...state.holder.profile }),
    }),
    // Nobody is asked for consent: the agency's people have given it.
    loadExistingGrant: async ({ oidc: { client, session } }: GrantContext) => {
      const before = session.grantIdFor(client.clientId);
      if (before !== undefined) return provider.Grant.find(before);
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  const sign = (header: string, claims: Claims): string => {
    const body = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    const key = state.foreignKey ? foreign.privateKey : keys.privateKey;
    return `${body}.${createSign('sha256').update(body).sign(key, 'base64url')}`;
  };
  const forged = (text: string, forge: (claims: Claims) => Claims): string => {
    const tokens = JSON.parse(text) as { id_token?: string };
    const [header = '', claims = ''] = tokens.id_token?.split('.') ?? [];
    if (claims === '') return text;
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Claims;
    return JSON.stringify({ ...tokens, id_token: sign(header, forge(said)) });
  };
  server.on('request', (request, response) => {
    const { url = '' } = request;
    if (state.broken) {
      response.writeHead(500).end('broken');
    } else if (url.startsWith('/interaction/')) {
      const { sub: accountId, acr } = state.holder;
      void provider.interactionFinished(request, response, {
        login: { accountId, ...(acr === undefined ? {} : { acr }) },
      });
    } else {
      const { forge } = state;
      if (url === '/token' && forge !== undefined) {
        const end = response.end.bind(response) as (text: string) => ServerResponse;
        response.end = (chunk: unknown) => {
          const text = forged(String(chunk), forge);
          response.setHeader('content-length', Buffer.byteLength(text));
          return end(text);
        };
      }
      answer(request, response);
    }
  });
  return state;
}
