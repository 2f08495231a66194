import { basename } from 'node:path';

/** Which members a folder may import: floors run downwards only. */
export interface AllowedImports {
  readonly folder: string;
  /** The member's own name on npm: its examples import it as a consumer does. */
  readonly packageName: string;
  /** Names on npm that the sources may import. */
  readonly sources: string[];
  /** Names on npm that the tests may import as well. */
  readonly tests: string[];
}

const ARN_RULE = `[
        { selector: 'Literal[value=/arn:aws[:]/]', message: ${quote('Names and ARNs must hold in aws-cn and aws-us-gov: use Stack.formatArn or Aws.PARTITION.')} },
        { selector: 'TemplateElement[value.raw=/arn:aws[:]/]', message: ${quote('Names and ARNs must hold in aws-cn and aws-us-gov: use Stack.formatArn or Aws.PARTITION.')} },
      ]`;

/** `eslint.config.mjs`: the recommended rule sets, the floors, and the partition rule. */
export function eslintConfig(imports: AllowedImports[]): string[] {
  const folders = imports.map(({ folder }) => basename(folder));
  return [
    "import js from '@eslint/js';",
    "import tseslint from 'typescript-eslint';",
    '',
    'export default tseslint.config(',
    '  {',
    "    ignores: ['**/node_modules/', '**/lib/', '**/dist/', '**/cdk.out/', '**/*.d.ts', '**/*.{js,mjs,cjs}', '**/.groundplan/', '**/.venv/'],",
    '  },',
    '  js.configs.recommended,',
    '  ...tseslint.configs.recommended,',
    '  {',
    '    rules: {',
    "      'no-restricted-syntax': [",
    "        'error',",
    `        ...${ARN_RULE},`,
    '      ],',
    "      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],",
    '    },',
    '  },',
    ...imports.flatMap(({ folder, packageName, sources, tests }) => [
      floor([`${folder}/src/**/*.ts`], sources, 'sources', folders),
      floor([`${folder}/examples/**/*.ts`], [...sources, packageName], 'examples', folders),
      floor([`${folder}/runtime/**/*.ts`], [], 'programs', folders),
      floor([`${folder}/test/**/*.ts`], [...sources, ...tests], 'tests', folders),
    ]),
    ');',
  ];
}

function floor(files: string[], allowed: string[], what: string, folders: string[]): string {
  const names = allowed.map((name) => name.replace('@groundplan/', ''));
  const regex = names.length ? `^@groundplan/(?!(${names.join('|')})$)` : '^@groundplan/';
  const may = names.length ? `may import ${names.join(', ')}` : 'import no sibling';
  const patterns = [
    { regex, message: `Imports run downwards only: these ${what} ${may} (declared in .projenrc.ts).` },
    {
      regex: `^(\\.\\./)+((packages|apps)/|(${folders.join('|')})/(src|lib|test|examples|runtime)(/|$))`,
      message: 'Import a sibling by its name, not by its path.',
    },
  ];
  return `  { files: ${JSON.stringify(files)}, rules: { 'no-restricted-imports': ['error', ${JSON.stringify({ patterns })}] } },`;
}

function quote(text: string): string {
  return `'${text}'`;
}
