/**
 * The rooms of helpers/, from the command line down to what knows nothing of grading. A module may import from its own
 * room and from rooms below it, never from one above; see docs/architecture.md.
 */
const ROOMS = ['cli', 'run', 'report', 'judge', 'survey', 'deploy', 'machine', 'lab', 'submission', 'base'];

const downOnly = ROOMS.slice(1).map((room, index) => ({
  name: `${room}-imports-down-only`,
  comment: `helpers/${room} is below ${ROOMS.slice(0, index + 1).join(', ')}`,
  severity: 'error',
  from: { path: `^helpers/${room}/` },
  to: { path: `^helpers/(${ROOMS.slice(0, index + 1).join('|')})/` },
}));

export default {
  forbidden: [
    ...downOnly,
    {
      name: 'every-module-has-a-room',
      severity: 'error',
      from: { path: '^helpers/', pathNot: `^helpers/(${ROOMS.join('|')})/` },
      to: {},
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^(helpers|specs)/' },
      to: { path: '^(tests|bench)/' },
    },
    {
      name: 'grading-takes-dependencies-only',
      comment: 'npm run grade installs no devDependencies',
      severity: 'error',
      from: { path: '^(helpers|specs)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-what-package-json-names',
      comment: 'a package that came with another one may go with it',
      severity: 'error',
      from: {},
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
};
