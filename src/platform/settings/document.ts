import { z } from 'zod';
import { settingsSchema, variables } from './settings.ts';

/** JSON Schema as far as settings use it. */
interface Shape {
  readonly type?: string;
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** docs/settings.md, made from the schema that settings are checked against. */
export function settingsDocument(): string {
  const root = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as Shape;
  const named = new Map(Object.entries(variables).map(([name, keys]) => [keys.join('.'), name]));
  const rows = leaves(root, []).map(([key, shape]) => {
    const variable = named.get(key);
    return `| \`${key}\` | ${valueOf(shape)} | ${usual(shape)} | ${variable === undefined ? '' : `\`${variable}\``} | ${shape.description ?? ''} |`;
  });
  return `# Settings

One file, \`tidewaiter.yaml\` in the folder that the server is started in, or the one that \`TIDEWAITER_SETTINGS\` names; above it the
environment. Everything is checked at the start: a mistake names its key and line. Nothing has to be set.

    listen:
      port: 443
    tls:
      certificate: /etc/tidewaiter/fullchain.pem
      key: /etc/tidewaiter/key.pem

| key | value | when not set | variable | what it does |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function leaves(shape: Shape, path: readonly string[]): [string, Shape][] {
  if (shape.properties === undefined) return [[path.join('.'), shape]];
  return Object.entries(shape.properties).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function valueOf({ type = 'text', enum: choices, minimum, exclusiveMinimum, maximum }: Shape): string {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(' or ');
  if (type === 'string') return 'text';
  if (type === 'array') return 'list of texts';
  if (type === 'boolean') return '`true` or `false`';
  const from = exclusiveMinimum === undefined ? minimum : `above ${exclusiveMinimum}`;
  return from === undefined ? 'number' : `number, ${from} to ${maximum}`;
}

function usual({ default: value }: Shape): string {
  return value === undefined ? '' : `\`${String(value)}\``;
}
