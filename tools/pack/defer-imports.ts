/** `const aws_ec2_1 = require("aws-cdk-lib/aws-ec2");`, as the TypeScript compiler writes it. */
const IMPORT = /^const (\w+) = require\(("(?:aws-cdk-lib\/aws-|\.)[^"]+")\);$/gm;
/** `__exportStar(require("./network"), exports);` */
const EXPORT = /^__exportStar\(require\("(\.[^"]+)"\), exports\);$/gm;

/**
 * Has a compiled file read another, and the module of a service, when it first uses it, as aws-cdk-lib does with its own.
 *
 * A package knows far more services than one app uses: a web service alone would read a dozen modules for queues, schedules,
 * distributions and HTTP APIs that it does not have.
 *
 * @param exportedBy the names that a file exports
 */
export function deferImports(compiled: string, exportedBy: (module: string) => string[]): string {
  const imported = [...compiled.matchAll(IMPORT)].reduce((source, [line, name, module]) => {
    const uses = new RegExp(`\\b(new )?${name}((?:\\.\\w+)+)`, 'g');
    const mentions = source.match(new RegExp(`\\b${name}\\b`, 'g'))!.length;
    // more than its members is asked for, the module itself: leave it
    if (source.match(uses)?.length !== mentions - 1) return source;
    return source
      .replace(line, `const ${name} = () => require(${module});`)
      .replace(uses, (_use, made: string | undefined, member: string) =>
        made ? `new (${name}()${member})` : `${name}()${member}`,
      );
  }, compiled);
  // Not by Object.defineProperty: Node.js takes names with such a getter for unsafe, and an ES module could not import them by name.
  return imported.replace(EXPORT, (_line, module: string) =>
    exportedBy(module)
      .map(
        (name) =>
          `Reflect.defineProperty(exports, "${name}", { enumerable: true, get: () => require("${module}").${name} });`,
      )
      .join('\n'),
  );
}
