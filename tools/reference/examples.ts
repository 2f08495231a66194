/** Compiles every example in the READMEs and doc comments of packages, and leaves beside each what it says in Python. */
export function compileExamples(packages: readonly string[]): readonly [command: string, ...args: string[]] {
  // one program for all of them: the declarations of aws-cdk-lib are read once
  return ['jsii-rosetta', 'extract', '--compile', '--strict', '--batch', '1000', ...packages];
}
