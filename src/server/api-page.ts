import type { OpenApi, Operation } from '../platform/http/openapi.ts';

/** The description of the API as a page that needs no script: for reading, searching and printing. */
export function apiPage({ info, servers, paths }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0] ?? ''))];
  const root = servers[0]?.url ?? '';
  const toc = tags.map((tag) => `<li><a href="#${slug(tag)}">${escape(tag)}</a></li>`).join('');
  const parts = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags[0] === tag);
    const shown = own
      .map(({ path, method, operation }) => section(`${root}${path}`, method, operation))
      .join('');
    return `<section><h2 id="${slug(tag)}">${escape(tag)}</h2>${shown}</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)} API ${escape(info.version)}</title>
<link rel="stylesheet" href="/api/page.css">
</head>
<body>
<header><h1>${escape(info.title)} API</h1><p>Version ${escape(info.version)}. ${escape(info.description)}</p>
<p><a href="${root}/openapi.json">OpenAPI 3.1 document</a></p>
<nav aria-label="Sections"><ul>${toc}</ul></nav></header>
<main>${parts.join('')}</main>
</body>
</html>`;
}

export const apiPageStyle = `
:root { --ink: #1b1b1b; --soft: #565c65; --line: #dcdee0; --accent: #005ea2; }
body { font: 16px/1.5 'Public Sans', system-ui, sans-serif; color: var(--ink); max-width: 60rem; margin: 0 auto; padding: 2rem 1.5rem 6rem; }
h1 { font-size: 2rem; margin: 0; }
h2 { margin: 3rem 0 0.5rem; border-bottom: 2px solid var(--line); padding-bottom: 0.25rem; }
h3 { margin: 2rem 0 0; font-size: 1.05rem; }
a { color: var(--accent); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; list-style: none; }
code { font: 0.9em ui-monospace, monospace; }
.call { display: inline-block; margin: 0.25rem 0; padding: 0.15rem 0.5rem; background: #f0f0f0; border-radius: 3px; overflow-wrap: anywhere; }
.who { color: var(--soft); margin: 0.25rem 0; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid var(--line); }
details { margin: 0.25rem 0; }
pre { background: #f8f8f8; border: 1px solid var(--line); padding: 0.75rem; overflow: auto; font-size: 0.85rem; }
`;

function section(path: string, method: string, operation: Operation): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const rows = parameters.map(
    ({ name, in: place, required, description: says = '', schema }) =>
      `<tr><th scope="row"><code>${escape(name)}</code></th><td>${place}${required ? '' : ', optional'}</td><td>${escape(typeName(schema))}</td><td>${escape(says)}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? ''
      : `<table><thead><tr><th>Parameter</th><th>Where</th><th>Type</th><th>What</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  const answers = Object.entries(responses).filter(([status]) => status !== 'default');
  const bodies = [
    ...Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) =>
      details(`Body: ${type}`, schema),
    ),
    ...answers.map(([status, { content }]) =>
      content === undefined
        ? `<p>Answers ${status}.</p>`
        : details(`Answers ${status}`, Object.values(content)[0]?.schema ?? {}),
    ),
  ];
  return `<article><h3 id="${escape(operationId)}">${escape(summary)}</h3>
<p class="call"><code>${method.toUpperCase()} ${escape(path)}</code></p>
<p class="who">${escape(description).replaceAll(/\`([^\`]*)\`/g, '<code>$1</code>')}</p>${table}${bodies.join('')}</article>`;
}

function details(title: string, schema: object): string {
  return `<details><summary>${escape(title)}</summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details>`;
}

function typeName(schema: Readonly<Record<string, unknown>>): string {
  const { type, format, enum: choices, default: usual } = schema;
  const name = Array.isArray(choices)
    ? choices.join(' | ')
    : [type, format].filter((part) => typeof part === 'string').join(', ');
  return usual === undefined ? name : `${name} (${JSON.stringify(usual)})`;
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
