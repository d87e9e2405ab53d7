/**
 * The order of the rooms (docs/architecture.md), as rules. Imports run downward only; a rule is named for what it
 * forbids, and its comment is what the person who broke it reads.
 */

/** From the ground up. Rooms on one floor do not import each other. */
const floors = [
  ['core'],
  ['media', 'models', 'stats', 'report', 'client'],
  ['vision', 'scenes'],
  ['host'],
  ['platform'],
  ['governance'],
  ['uses'],
  ['server'],
  ['cli'],
];

const tests = '\\.test\\.ts$';
const pure = '^src/(core|media|models|stats|report|vision|scenes)/';

const upward = floors.flatMap((rooms, floor) =>
  rooms.map((room) => {
    const above = [...floors.slice(floor + 1).flat(), ...rooms.filter((other) => other !== room)].filter(
      (other) => other !== 'scenes',
    );
    return {
      name: `${room}-stays-below`,
      comment: `src/${room} imports only from the rooms below it.`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: above.length > 0 ? `^src/(${above.join('|')})/` : '^$' },
    };
  }),
);

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'scenes-stay-above',
      comment:
        'Only uses compose scenes; what looks at pictures must not know how the pictures were made. Test files may.',
      severity: 'error',
      from: { path: '^src/(core|media|models|stats|report|vision|host)/', pathNot: tests },
      to: { path: '^src/scenes/' },
    },
    {
      name: 'no-use-imports-another',
      comment: 'What two uses share belongs into a room below them.',
      severity: 'error',
      from: { path: '^src/uses/([^/]+)/' },
      to: { path: '^src/uses/[^/]+/', pathNot: '^src/uses/$1/' },
    },
    {
      name: 'pages-stand-alone',
      comment:
        'A page of a use imports its own pages, web/kit, web/text and the typed client, and nothing of the server but what is pure: core, how masks are drawn, the index of a proxy, and what its own use says runs in a browser.',
      severity: 'error',
      from: { path: '^src/uses/([^/]+)/pages/' },
      to: {
        path: '^(src|web|material|bench|test|scripts)/',
        pathNot: [
          '^(src/uses/$1/pages|src/client|web/kit|web/text|src/core)/',
          '^src/media/(surface|draw/(canvas|region|samples)|proxy/frame-index)\\.ts$',
          '^src/uses/$1/(labels|plan|review/(apply|base|difference|doubts|edit|operations|questions|rebase|state))\\.ts$',
        ],
      },
    },
    {
      name: 'server-without-pages',
      comment: 'Pages run in a browser: only web/app and other pages import them.',
      severity: 'error',
      from: { path: '^(src|material|bench|scripts)/', pathNot: '^src/uses/[^/]+/pages/' },
      to: { path: '^(web/|src/uses/[^/]+/pages/)' },
    },
    {
      name: 'kit-stays-below',
      comment: 'web/kit and web/text are shared by all pages: they know neither the frame nor a use.',
      severity: 'error',
      from: { path: '^web/(kit|text)/' },
      to: { path: '^(src|web)/', pathNot: '^(web/kit|web/text|src/client)/' },
    },
    {
      name: 'console-by-the-api',
      comment:
        'The console reaches the server by the typed client only; web/app/uses.ts names the pages of each use.',
      severity: 'error',
      from: { path: '^web/app/' },
      to: { path: '^src/', pathNot: '^(src/client/|src/uses/[^/]+/pages/)' },
    },
    {
      name: 'src-stands-alone',
      comment: 'The product never imports its scenes, benches, tests or scripts; test files may.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: '^(material|bench|test|scripts)/' },
    },
    {
      name: 'no-import-of-tests',
      comment: 'A test file is run, not imported.',
      severity: 'error',
      from: {},
      to: { path: tests },
    },
    {
      name: 'pure-rooms-have-no-network',
      comment: 'core to vision are pure: no network, and no processes of their own.',
      severity: 'error',
      from: { path: pure, pathNot: tests },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(net|http|https|http2|tls|dgram|dns|dns/promises|child_process|cluster|repl|inspector)$',
      },
    },
    {
      name: 'runtime-made-silent-first',
      comment: 'The library that runs models reports to its maker unless src/models/runtime.ts loads it.',
      severity: 'error',
      from: { pathNot: '^src/models/runtime\\.ts$' },
      to: { path: 'node_modules/onnxruntime-node/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circles',
      comment: 'Modules that need each other are one module, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-shipped-packages',
      comment: 'The product may import only what package.json lists under dependencies.',
      severity: 'error',
      from: { path: '^src/', pathNot: `${tests}|^src/uses/[^/]+/pages/` },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'found',
      comment: 'This import cannot be resolved.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.node'],
    },
  },
};
