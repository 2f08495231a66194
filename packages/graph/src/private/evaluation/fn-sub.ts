import type { Evaluator } from './evaluator';
import type { Expression, Scope } from './scope';
import { Value, joined, literal } from './value';

/** `Fn::Sub`: a text with names in it, and variables of its own for some of them. */
export function substitute(argument: Expression, scope: Scope, evaluator: Evaluator): Value {
  const [text, variables] = Array.isArray(argument)
    ? (argument as [string, Record<string, Expression>])
    : [String(argument), {}];
  const parts: Value[] = [];
  let rest = 0;
  for (const found of text.matchAll(/\$\{(!?)([^}]+)\}/g)) {
    parts.push(plainText(text.slice(rest, found.index), scope, evaluator));
    rest = found.index + found[0].length;
    const [, escaped, name] = found;
    if (escaped) parts.push(literal(`\${${name}}`));
    else parts.push(placeholder(name.trim(), variables, scope, evaluator) ?? literal(''));
  }
  return joined([...parts, plainText(text.slice(rest), scope, evaluator)]);
}

/** Between the names a dynamic reference may stand. */
function plainText(text: string, scope: Scope, evaluator: Evaluator): Value {
  return evaluator.evaluate(text, scope) ?? literal('');
}

function placeholder(
  name: string,
  variables: Readonly<Record<string, Expression>>,
  scope: Scope,
  evaluator: Evaluator,
): Value | undefined {
  if (name in variables) return evaluator.evaluate(variables[name], scope);
  const [resource, ...attribute] = name.split('.');
  return attribute.length > 0
    ? evaluator.attribute(resource, attribute.join('.'), scope)
    : evaluator.reference(resource, scope);
}
