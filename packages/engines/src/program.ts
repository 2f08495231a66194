/**
 * The command that runs a program of this package: compiled, or from its source where nothing is compiled.
 *
 * @param program one of the exported paths
 */
export function commandOf(program: string): string[] {
  return program.endsWith('.ts')
    ? [process.execPath, '--require', require.resolve('tsx/cjs'), program]
    : [process.execPath, program];
}
