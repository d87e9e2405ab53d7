import { z } from 'zod';
import { problemSchema } from './problem.ts';
import { base } from './register.ts';
import type { Access, Route } from './route.ts';

/** JSON Schema as far as it is read here. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: {
    readonly required: true;
    readonly content: Readonly<Record<string, { schema: Schema }>>;
  };
  readonly responses: Readonly<
    Record<string, { description: string; content?: Readonly<Record<string, { schema: Schema }>> }>
  >;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

/** The description of the API, made from the routes that are served: it cannot say anything else. */
export function openApi(routes: readonly Route[], version: string): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {};
  const named: Named = new Map();
  toSchema(problemSchema, 'output', named);
  for (const route of routes) {
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, named) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tidewaiter',
      version,
      description: 'Officers decide; the software proposes, explains and remembers.',
    },
    servers: [{ url: base }],
    paths,
    components: {
      schemas: Object.fromEntries(named),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'tidewaiter' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function operation(route: Route, named: Named): Operation {
  const { id, summary, tag, access, params, query, body, answer, status } = route;
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return {
    operationId: id,
    summary,
    description: accessInWords(access),
    tags: [tag],
    parameters: [...parameters(params, 'path', named), ...parameters(query, 'query', named)],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: toSchema(body, 'input', named) } },
          },
        }),
    ...(route.stream !== undefined
      ? {
          requestBody: {
            required: true,
            content: {
              [typeof route.stream === 'string' ? route.stream : 'application/octet-stream']: {
                schema: { type: 'string', format: 'binary' },
              },
            },
          },
        }
      : {}),
    responses: {
      [status]: {
        description: 'Done.',
        ...(answer === undefined
          ? {}
          : { content: { 'application/json': { schema: toSchema(answer, 'output', named) } } }),
      },
      default: { description: 'It was refused or failed.', content: problem },
    },
    ...security(access),
  };
}

function security(access: Access): Pick<Operation, 'security'> {
  if (access.kind === 'open') return {};
  if (access.kind === 'session') return { security: [{ session: [] }] };
  return { security: [{ session: [] }, { token: [access.scope] }] };
}

/** Who may call a route, as a sentence. */
export function accessInWords(access: Access): string {
  if (access.kind === 'open') return 'Open to anybody.';
  if (access.kind === 'session') return 'For anybody who signed in; not for tokens.';
  const scope = `Tokens need the scope \`${access.scope}\`.`;
  if (access.kind === 'signed-in') return `For anybody who signed in. ${scope}`;
  const where =
    access.at === 'everywhere'
      ? 'at every site'
      : access.at === 'own-sites'
        ? 'anywhere; shows what lies there'
        : 'where it is';
  return `For ${access.roles.join(', ')} ${where}. ${scope}`;
}

function parameters(shape: z.ZodObject | undefined, place: 'path' | 'query', named: Named): Parameter[] {
  if (shape === undefined) return [];
  const { properties = {}, required = [] } = toSchema(shape, 'input', named);
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

/** JSON Schema of a schema; what has a name of its own is referred to, and stands among the components. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', named: Named): Schema {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Schema & {
    readonly $schema?: unknown;
    readonly $defs?: Readonly<Record<string, Schema>>;
  };
  for (const [name, inner] of Object.entries($defs)) named.set(name, withoutId(inner));
  const { id } = rest;
  if (typeof id !== 'string') return rest;
  named.set(id, withoutId(rest));
  return { $ref: `#/components/schemas/${id}` };
}

type Named = Map<string, Schema>;

function withoutId({ id: _, ...rest }: Schema): Schema {
  return rest;
}
