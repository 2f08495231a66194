/** Tests run on sources: the package's own and its siblings', transpiled by swc, no compile step before. */
export function jestConfig(root = '<rootDir>/../..') {
  return {
    testMatch: ['<rootDir>/**/test/**/*.test.ts'],
    testPathIgnorePatterns: ['/node_modules/', '/cdk.out/'],
    modulePathIgnorePatterns: ['/cdk.out/', '/lib/', '/dist/'],
    runtime: `${root}/tools/jest-runtime.cjs`,
    moduleNameMapper: { '^@groundplan/([^/]+)$': `${root}/packages/$1/src` },
    transform: {
      '^.+\\.ts$': [
        '@swc/jest',
        { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
      ],
    },
    clearMocks: true,
    // Two packages are tested at a time, each with processes of its own: five seconds say nothing about a hang.
    testTimeout: 30_000,
  };
}
