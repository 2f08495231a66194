const base = {
  target: 'ES2022',
  lib: ['es2022'],
  module: 'node16',
  strict: true,
  declaration: true,
  esModuleInterop: true,
  skipLibCheck: true,
  noEmitOnError: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  resolveJsonModule: true,
  stripInternal: false,
  types: ['node', 'jest'],
};

/** What every TypeScript file of the workspace is held to. */
export function tsconfigBase() {
  return { compilerOptions: base };
}

/** One type check for all sources and tests: aws-cdk-lib's declarations are loaded once, siblings resolve to source. */
export function tsconfigCheck() {
  return {
    extends: './tsconfig.base.json',
    compilerOptions: {
      noEmit: true,
      declaration: false,
      incremental: true,
      tsBuildInfoFile: 'node_modules/.cache/check.tsbuildinfo',
      paths: { '@groundplan/*': ['./packages/*/src/index.ts'] },
    },
    include: [
      '.projenrc.ts',
      'projenrc',
      'tools',
      'benchmarks',
      'packages/*/{src,test,examples,runtime}',
      'apps/*/{src,test}',
      'docs/{src,test}',
      'docs/.vitepress/*.mts',
    ].flatMap((p) => (/\.m?ts$/.test(p) ? [p] : expand(p).map((q) => `${q}/**/*.ts`))),
  };
}

/** How a plain package compiles to `lib` for publishing. */
export function tsconfigPlain() {
  return {
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'lib', types: ['node'] },
    include: ['src/**/*.ts'],
  };
}

function expand(pattern: string): string[] {
  const choice = /\{([^}]*)\}/.exec(pattern);
  return choice ? choice[1].split(',').map((c) => pattern.replace(choice[0], c)) : [pattern];
}
