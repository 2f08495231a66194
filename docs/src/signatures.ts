import { ApiType, Callable, TypeText, Value } from './api-schema';
import { Language, Pages, escaped, plainNames, snakeCase, typeHtml } from './type-names';

/** One member of a type, in both languages: a signature as HTML each. */
export interface Signatures {
  readonly typescript: string;
  readonly python: string;
}

/** `cidr: string`, and `cidr?: string` where it may be left out. */
export function valueSignatures(typescript: Value, python: Value, pages: Pages): Signatures {
  return {
    typescript: typescriptValue(typescript, pages),
    python: `${strong(python)}: ${typeHtml(python.type, 'python', pages)}${python.optional ? ' = None' : ''}`,
  };
}

/** A method or a constructor with its parameters. */
export function callableSignatures(owner: ApiType, typescript: Callable, python: Callable, pages: Pages): Signatures {
  const isConstructor = typescript === owner.initializer;
  const isStatic = !isConstructor && /^import /.test(typescript.usage ?? '');
  const parameters = {
    typescript: typescript.parameters.map((one) => typescriptValue(one, pages, true)),
    python: typescript.parameters.map((one, index) =>
      pythonParameter(one, python, index === typescript.parameters.length - 1, pages),
    ),
  };
  const start = (language: Language, name: string) => {
    if (isConstructor) return `${language === 'typescript' ? 'new ' : ''}<b>${owner.displayName}</b>`;
    return `${isStatic ? `${owner.displayName}.` : ''}<b>${escaped(name)}</b>`;
  };
  const returns = (language: Language) => {
    const { usage = '' } = language === 'typescript' ? typescript : python;
    if (isConstructor || isStatic) return '';
    const [, type] = (language === 'typescript' ? /\): (.+)$/s : /\) -> (.+)$/s).exec(usage) ?? [];
    return type ? `${language === 'typescript' ? ': ' : ' -&gt; '}${escaped(plainNames(type))}` : '';
  };
  const written = (language: Language, name: string) =>
    `${start(language, name)}(${parameters[language].join(', ')})${returns(language)}`;
  return {
    typescript: written('typescript', typescript.displayName),
    python: written('python', python.displayName),
  };
}

function typescriptValue(value: Value, pages: Pages, isParameter = false): string {
  const type = typeHtml(value.type, 'typescript', pages).replace(/^\.\.\./, '');
  const name = `${value.variadic ? '...' : ''}${escaped(value.displayName)}${value.optional ? '?' : ''}`;
  return `${isParameter ? name : `<b>${name}</b>`}: ${type}`;
}

/**
 * jsii gives Python the fields of a struct as keyword arguments where the struct comes last, and the struct itself elsewhere.
 * jsii-docgen lists the fields in either case: the parameter itself is what Python does not list under its id.
 */
function pythonParameter(parameter: Value, python: Callable, isLast: boolean, pages: Pages): string {
  const listed = python.parameters.find(({ id }) => id === parameter.id);
  const optional = parameter.optional ? ' = None' : '';
  if (listed) {
    const type = typeHtml(listed.type, 'python', pages).replace(/^\*/, '');
    if (listed.variadic) return `*${escaped(listed.displayName)}: ${type}`;
    return `${escaped(listed.displayName)}: ${type}${optional}`;
  }
  const name = snakeCase(parameter.displayName);
  const type = typeHtml(inPython(parameter.type), 'python', pages);
  return isLast ? `**${name}: ${type}` : `${name}: ${type}${optional}`;
}

/** A struct is called the same in both languages; only the module that it stands in differs. */
function inPython(type: TypeText): TypeText {
  const types = type.types?.map((part) =>
    'formattingPattern' in part ? part : { ...part, fqn: part.fqn.replace(/^aws-cdk-lib/, 'aws_cdk') },
  );
  return { ...type, types };
}

function strong({ displayName }: Value): string {
  return `<b>${escaped(displayName)}</b>`;
}
