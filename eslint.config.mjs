import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const SIZE = { skipBlankLines: true, skipComments: true };
const TESTS = ['test/**/*.ts', '**/*.spec.ts'];
const READS_ENVIRONMENT = ['config/load.ts', 'sandbox/main.ts', 'bench/**/*.ts', ...TESTS];
const PURE = ['src/domain/**/*.ts', 'connectors/**/*.ts'];

const PARAMETERS = [':function[params.length>3]', 'TSEmptyBodyFunctionExpression[params.length>3]'];
const NEST_CONSTRUCTOR =
  'ClassDeclaration[decorators.length>0] > ClassBody > MethodDefinition[kind="constructor"] > FunctionExpression';

const everywhere = [
  ...PARAMETERS.map((selector) => ({
    selector: `${selector}:not(${NEST_CONSTRUCTOR})`,
    message: 'At most three positional parameters: hand over an object.',
  })),
  {
    selector: 'CallExpression[callee.property.name="save"]',
    message: 'save() writes over what another process decided: create or insertMany for first inserts, else a swap.',
  },
];

const noEnvironment = [
  'MemberExpression[object.name="process"][property.name="env"]',
  'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]',
].map((selector) => ({ selector, message: 'Only config/load.ts reads the environment: take the setting from there.' }));

const noClock = [
  'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
].map((selector) => ({ selector, message: 'Rules know no clock and no chance: take the instant as a parameter.' }));

const noWaiting = ['AwaitExpression', ':function[async=true]'].map((selector) => ({
  selector,
  message: 'The domain decides; it waits for nothing.',
}));

const noStockWrites = [
  'CallExpression[callee.property.name="commit"]',
  'CallExpression[callee.property.name="insert"][callee.object.property.name="moves"]',
  'CallExpression[callee.property.name="insert"][callee.object.name="moves"]',
].map((selector) => ({ selector, message: 'Only the ledger writes stock: ask it through its door or a job.' }));

const restrict = (...lists) => ({ 'no-restricted-syntax': ['error', ...everywhere, ...lists.flat()] });

export default tseslint.config(
  { ignores: ['dist/', '.dist-*/', '.data/', 'node_modules/', 'coverage/', 'embedded/.cache/', 'embedded/engine/'] },
  js.configs.recommended,
  {
    rules: {
      'max-lines': ['error', { max: 300, ...SIZE }],
      'max-lines-per-function': ['error', { max: 40, ...SIZE }],
      // Control characters are among what a sku may not hold.
      'no-control-regex': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      'no-restricted-imports': ['error', { paths: ['process', 'node:process'] }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // An async function that awaits nothing keeps a contract and turns a throw into a rejection.
      '@typescript-eslint/require-await': 'off',
      // It never ends on mongoose's own types (a stack overflow in 8.73.0).
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      ...restrict(noEnvironment),
    },
  },
  { files: ['sandbox/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: READS_ENVIRONMENT, rules: restrict() },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/ledger/**', 'src/store/**', ...TESTS],
    rules: restrict(noEnvironment, noStockWrites),
  },
  { files: PURE, ignores: TESTS, rules: restrict(noEnvironment, noClock) },
  { files: ['src/domain/**/*.ts'], ignores: TESTS, rules: restrict(noEnvironment, noClock, noWaiting) },
  {
    files: [...TESTS, 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: Object.fromEntries(nodeGlobals().map((name) => [name, 'readonly'])) },
    rules: restrict(),
  },
);

function nodeGlobals() {
  return [...Object.getOwnPropertyNames(globalThis), 'require', 'module', '__dirname', '__filename'];
}
