import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: ['**/node_modules/', '**/lib/', '**/dist/', '**/cdk.out/', '**/*.d.ts', '**/*.{js,mjs,cjs}', '**/.groundplan/', '**/.venv/'],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
        { selector: 'Literal[value=/arn:aws[:]/]', message: 'Names and ARNs must hold in aws-cn and aws-us-gov: use Stack.formatArn or Aws.PARTITION.' },
        { selector: 'TemplateElement[value.raw=/arn:aws[:]/]', message: 'Names and ARNs must hold in aws-cn and aws-us-gov: use Stack.formatArn or Aws.PARTITION.' },
      ],
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  { files: ["packages/testing/src/**/*.ts","packages/testing/examples/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/","message":"Imports run downwards only: these sources import no sibling (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["packages/testing/test/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(testing)$)","message":"Imports run downwards only: these tests may import testing (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["packages/local/src/**/*.ts","packages/local/examples/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/","message":"Imports run downwards only: these sources import no sibling (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["packages/local/test/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(local)$)","message":"Imports run downwards only: these tests may import local (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["packages/groundplan/src/**/*.ts","packages/groundplan/examples/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(local)$)","message":"Imports run downwards only: these sources may import local (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["packages/groundplan/test/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(local|groundplan)$)","message":"Imports run downwards only: these tests may import local, groundplan (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["packages/core/src/**/*.ts","packages/core/examples/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/","message":"Imports run downwards only: these sources import no sibling (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["packages/core/test/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/","message":"Imports run downwards only: these tests import no sibling (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["packages/vpc/src/**/*.ts","packages/vpc/examples/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(core)$)","message":"Imports run downwards only: these sources may import core (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["packages/vpc/test/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(core|testing|local)$)","message":"Imports run downwards only: these tests may import core, testing, local (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["apps/dev/src/**/*.ts","apps/dev/examples/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(core|vpc)$)","message":"Imports run downwards only: these sources may import core, vpc (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["apps/dev/test/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(core|vpc|testing|local)$)","message":"Imports run downwards only: these tests may import core, vpc, testing, local (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["apps/staging/src/**/*.ts","apps/staging/examples/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(core|vpc)$)","message":"Imports run downwards only: these sources may import core, vpc (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["apps/staging/test/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(core|vpc|testing|local)$)","message":"Imports run downwards only: these tests may import core, vpc, testing, local (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["apps/production/src/**/*.ts","apps/production/examples/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(core|vpc)$)","message":"Imports run downwards only: these sources may import core, vpc (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
  { files: ["apps/production/test/**/*.ts"], rules: { 'no-restricted-imports': ['error', {"patterns":[{"regex":"^@groundplan/(?!(core|vpc|testing|local)$)","message":"Imports run downwards only: these tests may import core, vpc, testing, local (declared in .projenrc.ts)."},{"regex":"^(\\.\\./)+(packages|apps)/","message":"Import a sibling by its name, not by its path."}]}] } },
);