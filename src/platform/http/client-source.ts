import type { OpenApi, Operation } from './openapi.ts';

/** JSON Schema as far as answers and requests use it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

/** The TypeScript of src/client/operations.ts, made from the description of the API. */
export function clientSource({ paths, components }: OpenApi): string {
  const found = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const types = found.map(
    ({ operation }) => `/** ${operation.summary}. */\n${operation.operationId}: ${typeOf(operation)};`,
  );
  const table = found.map(
    ({ path, method, operation }) => `${operation.operationId}: ['${method}', '${path}'],`,
  );
  const named = Object.entries(components.schemas)
    .filter(([name]) => name !== 'Problem')
    .map(([name, schema]) => `export type ${name} = ${toType(schema)};`);
  return `// Made by scripts/write-client.ts from the routes of the server. Do not edit.

${named.join('\n\n')}

/** What each operation takes, and what it answers with. */
export interface Operations {
${types.join('\n')}
}

/** Method and path of each operation. */
export const operations: Readonly<Record<keyof Operations, readonly [method: string, path: string]>> = {
${table.join('\n')}
};
`;
}

function typeOf({ parameters, requestBody, responses }: Operation): string {
  const group = (place: 'path' | 'query'): string | undefined => {
    const own = parameters.filter((parameter) => parameter.in === place);
    if (own.length === 0) return undefined;
    const fields = own.map(
      ({ name, required, schema }) => `${name}${required ? '' : '?'}: ${toType(schema)}`,
    );
    const optional = own.every(({ required }) => !required);
    return `${place === 'path' ? 'params' : 'query'}${optional ? '?' : ''}: { ${fields.join('; ')} }`;
  };
  const json = requestBody?.content['application/json']?.schema;
  const answer = Object.entries(responses).find(([status]) => status !== 'default')?.[1].content?.[
    'application/json'
  ];
  const fields = [
    group('path'),
    group('query'),
    json === undefined ? undefined : `body: ${toType(json)}`,
    `answer: ${answer === undefined ? 'undefined' : toType(answer.schema)}`,
  ];
  return `{ ${fields.filter((field) => field !== undefined).join('; ')} }`;
}

function toType(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const types = new Set(choices.map(toType));
    // One text among all texts is no more than a text.
    return [...types].filter((type) => !(type.startsWith('"') && types.has('string'))).join(' | ');
  }
  const { type } = schema;
  if (Array.isArray(type)) return type.map((one: string) => toType({ ...schema, type: one })).join(' | ');
  if (type === 'array') return `(${toType(schema.items ?? {})})[]`;
  if (type === 'object') return objectType(schema);
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'string' || type === 'boolean' || type === 'null') return type;
  return 'unknown';
}

function objectType({ properties, required = [], additionalProperties }: Schema): string {
  if (properties === undefined) {
    const values = typeof additionalProperties === 'object' ? toType(additionalProperties) : 'unknown';
    return `Record<string, ${values}>`;
  }
  const fields = Object.entries(properties).map(
    ([name, inner]) => `${name}${required.includes(name) ? '' : '?'}: ${toType(inner)}`,
  );
  return `{ ${fields.join('; ')} }`;
}
