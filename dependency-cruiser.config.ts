import { Visitor } from '@swc/core/Visitor.js';
import type { IConfiguration } from 'dependency-cruiser';

/**
 * What may import what (docs/architecture.md). Each rule has a bad fixture in test/boundaries/<rule>/, and
 * test/unit/boundaries proves that the fixture of each rule breaks that rule and no other.
 */

/** The messages of the contract, how they are loaded, and how errors are read out of them: what Shoal, its worker library and its command line share. */
const contract = '^src/adapters/grpc/(generated/|proto-loading\\.ts$|error-info\\.ts$)';

/** A library, however deep in node_modules the fixtures of the tests find it. */
const library = (name: string) => `node_modules/${name}/`;

/** Each library that has one home, so that it can be replaced there. */
const homes = [
  { name: 'inversify', libraries: ['inversify', '@inversifyjs'], home: ['^src/app/'] },
  {
    name: 'grpc',
    libraries: ['@grpc'],
    home: ['^src/adapters/grpc/', '^src/worker/', '^src/cli/', '^src/conformance/', '^examples/'],
  },
  {
    name: 'nats',
    libraries: ['nats', '@nats-io'],
    home: ['^src/adapters/nats/', '^src/worker/', '^src/conformance/', '^examples/'],
  },
  { name: 'pino', libraries: ['pino', 'pino-pretty'], home: ['^src/adapters/pino/'] },
  { name: 'prom-client', libraries: ['prom-client'], home: ['^src/adapters/prometheus/'] },
  { name: 'yaml', libraries: ['yaml'], home: ['^src/adapters/yaml/'] },
  { name: 'commander', libraries: ['commander'], home: ['^src/cli/'] },
];

const severity = 'error' as const;
const product = '^(src|plugins|examples)/';

export default {
  forbidden: [
    {
      name: 'domain-imports-domain-and-ports-only',
      comment: 'The domain is pure: what it needs from outside comes through a port.',
      severity,
      from: { path: '^src/domain/' },
      to: { pathNot: ['^src/domain/', '^src/ports/'] },
    },
    {
      name: 'ports-import-domain-and-ports-only',
      comment: 'A port speaks the words of the domain, without the types of a library.',
      severity,
      from: { path: '^src/ports/' },
      to: { pathNot: ['^src/domain/', '^src/ports/'] },
    },
    {
      name: 'ports-import-types-only',
      comment: 'A port is a protocol: it takes types from the domain, and no code.',
      severity,
      from: { path: '^src/ports/' },
      to: { path: '^src/domain/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'adapters-stay-apart',
      comment: 'One technology can be taken out without touching another: what two adapters share is a port.',
      severity,
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'adapters-import-inwards',
      comment:
        'Adapters know the domain, the ports and the public plugin API; the composition root knows the adapters.',
      severity,
      from: { path: '^src/adapters/' },
      to: { path: '^(src|plugins)/', pathNot: ['^src/(adapters|domain|ports)/', '^src/plugin/'] },
    },
    {
      name: 'contract-stands-alone',
      comment:
        'The contract in proto is shared with the worker library and the command line: it must not pull in the daemon.',
      severity,
      from: { path: contract },
      to: { path: '^(src|plugins)/', pathNot: contract },
    },
    {
      name: 'worker-library-stands-alone',
      comment: 'shoal/worker runs in other processes: libraries and the contract in proto, nothing of the daemon.',
      severity,
      from: { path: '^src/worker/' },
      to: { path: '^(src|plugins)/', pathNot: ['^src/worker/', contract] },
    },
    {
      name: 'plugin-api-stands-alone',
      comment: 'shoal/plugin is a promise to third parties: it must not change when the inside does.',
      severity,
      from: { path: '^src/plugin/' },
      to: { pathNot: '^src/plugin/' },
    },
    {
      name: 'plugin-testkit-asks-what-the-daemon-asks',
      comment:
        'shoal/plugin-testkit runs the rules of the daemon, and has none of its own: the plugin adapter, what launches processes, the domain.',
      severity,
      from: { path: '^src/plugin-testkit/' },
      to: {
        path: '^(src|plugins|examples)/',
        pathNot: '^src/(plugin-testkit|plugin|adapters/plugins|adapters/process|domain|ports)/',
      },
    },
    {
      name: 'only-tests-import-the-plugin-testkit',
      comment: 'What tries plugins is for the tests of their authors; the daemon does without.',
      severity,
      from: { path: product, pathNot: '^src/plugin-testkit/' },
      to: { path: '^src/plugin-testkit/' },
    },
    {
      name: 'plugins-use-the-public-api',
      comment:
        "Built-in plugins are written like a third party's: against shoal/plugin, by that name, and their own files.",
      severity,
      from: { path: '^plugins/([^/]+)/' },
      to: { path: '^(src|plugins|examples)/', pathNot: '^plugins/$1/', dependencyTypesNot: ['undetermined'] },
    },
    {
      name: 'plugins-import-the-plugin-api-only',
      comment: 'Of what the package exports, a plugin needs shoal/plugin.',
      severity,
      from: { path: '^plugins/' },
      to: { path: '^src/', pathNot: '^src/plugin/plugin\\.ts$', dependencyTypes: ['undetermined'] },
    },
    {
      name: 'examples-use-the-public-api',
      comment:
        "An example shows what a stranger's program looks like: libraries, shoal/worker by that name, its own files.",
      severity,
      from: { path: '^examples/([^/]+)/' },
      to: { path: '^(src|plugins|examples)/', pathNot: '^examples/$1/', dependencyTypesNot: ['undetermined'] },
    },
    {
      name: 'examples-import-the-worker-library-only',
      comment: 'Of what the package exports, a worker needs shoal/worker.',
      severity,
      from: { path: '^examples/' },
      to: { path: '^src/', pathNot: '^src/worker/worker\\.ts$', dependencyTypes: ['undetermined'] },
    },
    {
      name: 'only-main-imports-the-command-line',
      comment: 'The composition root serves the command line, not the other way round.',
      severity,
      from: { path: product, pathNot: ['^src/main\\.ts$', '^src/cli/'] },
      to: { path: '^src/(cli/|main\\.ts$)' },
    },
    {
      name: 'command-line-is-a-client',
      comment: 'The command line reaches a daemon as every client does: by the contract in proto.',
      severity,
      from: { path: '^src/cli/' },
      to: { path: '^src/(adapters/grpc|worker)/', pathNot: contract },
    },
    {
      name: 'conformance-judges-by-the-contract',
      comment:
        'What examines workers plays the daemon by the contract in proto: with the daemon’s own services, or the worker library, a fault of theirs would be right.',
      severity,
      from: { path: '^src/conformance/' },
      to: { path: '^src/(adapters/grpc|worker)/', pathNot: contract },
    },
    {
      name: 'daemon-does-without-conformance',
      comment: 'Workers are examined from the command line; nothing else needs it.',
      severity,
      from: { path: product, pathNot: ['^src/conformance/', '^src/cli/'] },
      to: { path: '^src/conformance/' },
    },
    ...homes.map(({ name, libraries, home }) => ({
      name: `${name}-stays-at-home`,
      comment: `One place knows ${libraries.join(', ')}: ${home.join(', ')}.`,
      severity,
      from: { path: product, pathNot: home },
      to: { path: libraries.map(library) },
    })),
    {
      name: 'no-test-code-in-the-product',
      comment: 'What only tests need stays in test/ and bench/.',
      severity,
      from: { path: '^(src|plugins|examples|scripts)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-development-dependencies-in-the-product',
      comment: 'Who installs the package does not get the devDependencies.',
      severity,
      from: { path: '^(src|plugins)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'no-undeclared-dependencies',
      comment: 'A package that comes with another one goes with it, too: name it in package.json.',
      severity,
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable-imports',
      comment:
        'Rules cannot see where an import leads that does not resolve. What starts an example may import the build.',
      severity,
      from: { pathNot: '^examples/[^/]+/run\\.mjs$' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment: 'Also by types: files that need each other are one idea. Messages that contain each other may.',
      severity,
      from: { pathNot: '^src/adapters/grpc/generated/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is left over.',
      severity,
      from: { orphan: true, path: product, pathNot: '/generated/' },
      to: {},
    },
  ],
  options: {
    parser: 'swc',
    // Imports of types count, and can be told from the others.
    tsPreCompilationDeps: false,
    doNotFollow: { path: 'node_modules' },
    // The packages in examples/plugins stand alone: what they import is installed beside them, or is not.
    exclude: { path: ['^test/boundaries/', '^dist/', '^examples/[^/]+/node_modules/', '^examples/plugins/'] },
    // Without these, imports of packages that have only `exports` are not resolved, and rules on them never fire.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'types', 'node', 'import', 'require', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
} satisfies IConfiguration;

/**
 * The visitor with which dependency-cruiser reads what swc parsed knows no `using` declarations, and throws at one. This
 * teaches it: their initialisers may import, too.
 */
interface UsingDeclaration {
  readonly type: 'UsingDeclaration';
  decls: Parameters<Visitor['visitVariableDeclarators']>[0];
}

const visitKnownStatement = Visitor.prototype.visitStatement;

Visitor.prototype.visitStatement = function (statement) {
  const using = statement as unknown as UsingDeclaration;
  if (using.type !== 'UsingDeclaration') return visitKnownStatement.call(this, statement);
  using.decls = this.visitVariableDeclarators(using.decls);
  return statement;
};
