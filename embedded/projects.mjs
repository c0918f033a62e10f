/** The kinds of tests, in the order they run, with what each may take and what it needs. */
export const projects = [
  {
    name: 'rules',
    budgetS: 50,
    testS: 5,
    workers: 2,
    stack: false,
    folders: [
      'config',
      'connectors',
      'src',
      'sandbox',
      'test/rules',
      'test/support',
      'test/builders',
      'test/conformance',
    ],
  },
  { name: 'medium', budgetS: 180, testS: 30, workers: 2, stack: true, folders: ['test/medium'] },
  { name: 'races', budgetS: 40, testS: 60, workers: 1, stack: true, folders: ['test/races'] },
  { name: 'flows', budgetS: 290, testS: 60, workers: 1, stack: true, folders: ['test/flows'] },
  { name: 'faults', budgetS: 310, testS: 120, workers: 1, stack: true, folders: ['test/faults'] },
  { name: 'long', budgetS: 3000, testS: 1800, workers: 1, stack: true, folders: ['test/long'] },
];

const TAKES_A_VALUE = new Set(['-t', '--testNamePattern']);

/** Splits what follows `test` into the projects to run and what jest is given. */
export function chooseProjects(args) {
  const long = args.includes('--long');
  const rest = args.filter((arg) => arg !== '--long' && arg !== '--');
  const positional = rest.filter((arg, at) => !arg.startsWith('-') && !TAKES_A_VALUE.has(rest[at - 1]));
  const usual = projects.filter(({ name }) => (name === 'long') === long);
  const named = projects.filter(({ name }) => positional.includes(name));
  const names = named.map(({ name }) => name);
  const paths = positional.filter((arg) => !names.includes(arg));
  const byPath = projects.filter((project) => paths.some((arg) => isIn(project, arg)));
  const chosen = projects.filter((project) => named.includes(project) || byPath.includes(project));
  const unplaced = paths.some((arg) => !projects.some((project) => isIn(project, arg)));
  return {
    chosen: chosen.length === 0 || unplaced ? usual : chosen,
    jestArgs: rest.filter((arg) => !names.includes(arg)),
  };
}

function isIn({ folders }, arg) {
  const asPath = arg.replaceAll('\\', '/').replace(/^\.\//, '');
  return folders.some((folder) => asPath === folder || asPath.startsWith(`${folder}/`));
}
