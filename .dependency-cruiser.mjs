/**
 * The layers, as docs/architecture.md draws them: app → lib/adapters → lib/domain → lib/db → lib/core; lib/scim imports
 * nothing, lib/providers only lib/core, components neither fetch nor touch the database.
 */

const TEST = '\\.(test|itest)\\.tsx?$|(^|/)testing\\.ts$';
const DATABASE_PACKAGES = '^node_modules/(drizzle-orm|drizzle-kit|postgres|@electric-sql)/';
const PROTOCOL_PACKAGES = '^node_modules/(next|next-auth|react|react-dom|@bufbuild|@connectrpc|@scalekit-sdk)/';
const PUBLIC_FILES = '^lib/domain/[^/]+/(commands|queries|types)\\.ts$';

/**
 * @param {string} name
 * @param {string} comment
 * @param {object} from
 * @param {object} to
 * @returns {import('dependency-cruiser').IForbiddenRuleType}
 */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @param {string} path */
const production = (path) => ({ path, pathNot: TEST });

/** @type {import('dependency-cruiser').IConfiguration & {forbidden: import('dependency-cruiser').IForbiddenRuleType[]}} */
export default {
  forbidden: [
    forbid('no-circular', 'Two files that need each other are one file, or lack a third.', {}, { circular: true }),
    forbid(
      'no-barrel',
      'Import from the file that defines the thing.',
      {},
      {
        path: '/index\\.tsx?$',
        pathNot: '^node_modules/',
      },
    ),
    forbid('no-test-code', 'Tests are not part of the product.', production('^(app|components|lib)/'), { path: TEST }),
    forbid(
      'no-dev-dependency',
      'What runs in production is a dependency, not a development dependency.',
      production('^(app|components|lib|server\\.mjs|instrumentation\\.ts|proxy\\.ts)'),
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    ),

    forbid('core-is-the-bottom', 'lib/core knows nothing above it.', production('^lib/core/'), {
      path: '^(app|components|lib/(?!core/))',
    }),
    forbid(
      'scim-imports-nothing',
      'lib/scim is pure functions that could be published tomorrow.',
      production('^lib/scim/'),
      {
        pathNot: '^lib/scim/',
      },
    ),
    forbid('providers-know-core-only', 'A provider is data.', production('^lib/providers/'), {
      path: '^(app|components|lib/(?!core/|providers/))',
    }),
    forbid('providers-without-io', 'A provider is data and pure predicates.', production('^lib/providers/'), {
      dependencyTypes: ['core', 'npm'],
    }),
    forbid('db-below-domain', 'lib/db does not know what a module means.', production('^lib/db/'), {
      path: '^(app|components|lib/(?!core/|db/))',
    }),

    forbid('domain-below-adapters', 'A rule does not know who asks.', production('^lib/domain/'), {
      path: '^(app|components|lib/adapters)/',
    }),
    forbid('domain-without-protocols', 'No HTTP, Next, React or protobuf in a rule.', production('^lib/domain/'), {
      path: [PROTOCOL_PACKAGES, '^(node:)?(http|https|http2|net|tls)$'],
    }),
    forbid(
      'module-boundaries',
      "A module sees only another module's commands, queries and types.",
      { path: '^lib/domain/([^/]+)/', pathNot: TEST },
      { path: '^lib/domain/', pathNot: ['^lib/domain/$1/', PUBLIC_FILES] },
    ),
    forbid(
      'module-boundaries-from-outside',
      'The rest of the product sees only the three public files of a module.',
      production('^(app|components|lib/(?!domain/)|instrumentation\\.ts|proxy\\.ts)'),
      { path: '^lib/domain/', pathNot: PUBLIC_FILES },
    ),
    forbid(
      'types-fit-a-browser',
      'types.ts is imported by pages that run in the browser.',
      { path: '^lib/domain/[^/]+/types\\.ts$' },
      { path: ['^lib/(db|domain)/', DATABASE_PACKAGES], pathNot: '/types\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'types-without-node',
      'types.ts is imported by pages that run in the browser.',
      { path: '^lib/domain/[^/]+/types\\.ts$' },
      {
        dependencyTypes: ['core'],
        dependencyTypesNot: ['type-only'],
      },
    ),

    forbid('adapters-below-app', 'An adapter is used by a page, not the reverse.', production('^lib/adapters/'), {
      path: '^(app|components)/',
    }),
    forbid(
      'tables-belong-to-domain',
      'Only lib/domain and lib/db touch tables and SQL.',
      production('^(app|components|lib/(?!domain/|db/)|proxy\\.ts)'),
      { path: ['^lib/db/(tables/|schema\\.ts|change\\.ts)', DATABASE_PACKAGES] },
    ),
    forbid('app-without-database', 'A page reads by queries.', production('^(app|components|proxy\\.ts)'), {
      path: '^lib/db/',
    }),
    forbid(
      'pages-read-actions-write',
      'A page shows; an action or a handler changes.',
      production('^app/.*(page|layout)\\.tsx$'),
      {
        path: '^lib/domain/[^/]+/commands\\.ts$',
      },
    ),
    forbid(
      'components-know-no-layer',
      'A component gets what it shows; it may know the types.',
      production('^components/'),
      {
        path: '^(app|lib/(adapters|db|scim))/',
      },
    ),
    forbid(
      'components-see-types-only',
      'A component gets what it shows; it may know the types.',
      production('^components/'),
      {
        path: '^lib/domain/',
        pathNot: '/types\\.ts$',
      },
    ),
    forbid(
      'buttons-have-no-product-words',
      'components/ui is the same in every product.',
      production('^components/ui/'),
      {
        path: '^(lib/(?!core/)|components/(?!ui/))',
      },
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)\\.next/' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
