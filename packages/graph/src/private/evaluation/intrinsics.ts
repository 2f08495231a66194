import { subnetsOfBlock } from '../network/addresses';
import type { Evaluator } from './evaluator';
import { substitute } from './fn-sub';
import type { Expression, Scope } from './scope';
import { Value, itemsOf, joined, literal, numberOf, oneOf, stringOf, textOf, through, unknown } from './value';

type Intrinsic = (argument: Expression, scope: Scope, evaluator: Evaluator) => Value | undefined;

/** Whether an object is the call of an intrinsic function: one key, `Ref` or `Fn::…`. */
export function isIntrinsic(expression: object): boolean {
  const keys = Object.keys(expression);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** The intrinsic functions that a template alone can work out. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
export const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope, evaluator) => evaluator.reference(nameIn(name, scope, evaluator), scope),
  'Fn::GetAtt': (argument, scope, evaluator) => {
    const [name, ...attribute] = Array.isArray(argument) ? argument : String(argument).split('.');
    const parts = attribute.map((part) => textOf(evaluator.evaluate(part, scope)));
    return evaluator.attribute(nameIn(name, scope, evaluator), parts.join('.'), scope);
  },
  'Fn::Join': (argument, scope, evaluator) => {
    const [delimiter, expression] = argument as [string, Expression];
    return through(evaluator.evaluate(expression, scope), (list) =>
      joined(itemsOf(list).flatMap((item, index) => (index > 0 ? [literal(delimiter), item] : [item]))),
    );
  },
  'Fn::Sub': (argument, scope, evaluator) => substitute(argument, scope, evaluator),
  'Fn::Split': (argument, scope, evaluator) => {
    const [delimiter, expression] = argument as [string, Expression];
    return split(evaluator.evaluate(expression, scope), delimiter);
  },
  'Fn::Select': (argument, scope, evaluator) => {
    const [index, expression] = argument as [Expression, Expression];
    const at = numberOf(evaluator.evaluate(index, scope));
    return through(evaluator.evaluate(expression, scope), (list) => select(list, at));
  },
  'Fn::FindInMap': (argument, scope, evaluator) => findInMap(argument as Expression[], scope, evaluator),
  'Fn::If': (argument, scope, evaluator) => {
    const [condition, yes, no] = argument as [string, Expression, Expression];
    const holds = evaluator.holds(condition, scope);
    if (holds !== undefined) return evaluator.evaluate(holds ? yes : no, scope);
    const sides = [yes, no].map((side) => evaluator.evaluate(side, scope));
    const [left, right] = sides;
    if (left && right && textOf(left) === textOf(right)) return left;
    return oneOf(
      `the condition "${condition}" of ${scope.template.stackPath} is known when it is deployed`,
      sides.map((side) => textOf(side) || 'nothing').join(' or '),
      sides,
    );
  },
  'Fn::Cidr': (argument, scope, evaluator) => {
    const [block, count, bits] = (argument as Expression[]).map((part) => evaluator.evaluate(part, scope));
    const blocks = subnetsOfBlock(stringOf(block), numberOf(count), numberOf(bits));
    return blocks
      ? { kind: 'list', items: blocks.map(literal) }
      : unknown(
          `the block that Fn::Cidr divides is known when it is deployed`,
          `slices(${textOf(block)}, ${textOf(bits)} bits)`,
          [block],
        );
  },
  'Fn::GetAZs': (argument, scope, evaluator) => {
    const region = stringOf(evaluator.evaluate(argument, scope)) || scope.template.region || scope.template.stackPath;
    return unknown('the zones of a region are known when it is deployed', `\${zones of ${region}}`);
  },
  'Fn::ImportValue': (argument, scope, evaluator) =>
    evaluator.imported(evaluator.evaluate(argument, scope) ?? literal(''), scope),
  'Fn::GetStackOutput': (argument, scope, evaluator) => {
    const { StackName, OutputName, Region } = argument as Record<string, Expression>;
    const [stack, output, region] = [StackName, OutputName, Region].map((part) => evaluator.evaluate(part, scope));
    return evaluator.stackOutput(stack, output, region, scope);
  },
  'Fn::Base64': (argument, scope, evaluator) => {
    const value = evaluator.evaluate(argument, scope);
    const text = stringOf(value);
    return text === undefined
      ? unknown('a part of it is known when it is deployed', `base64(${textOf(value)})`, [value])
      : literal(Buffer.from(text).toString('base64'));
  },
  // Whoever reads a document wants its structure, not its text.
  'Fn::ToJsonString': (argument, scope, evaluator) => evaluator.evaluate(argument, scope),
  'Fn::Length': (argument, scope, evaluator) =>
    through(evaluator.evaluate(argument, scope), (list) =>
      list?.kind === 'list'
        ? literal(list.items.length)
        : unknown('the length of a list is known when it is deployed', `length(${textOf(list)})`),
    ),
};

/** The name in a `Ref`, which the language extensions and `Fn::ForEach` allow to be worked out. */
function nameIn(name: Expression, scope: Scope, evaluator: Evaluator): string {
  return typeof name === 'string' ? name : textOf(evaluator.evaluate(name, scope));
}

function select(list: Value | undefined, index: number | undefined): Value {
  if (list?.kind === 'list' && index !== undefined && list.items[index]) return list.items[index];
  if (list?.kind === 'list' && index === undefined)
    return oneOf('which item Fn::Select picks is known when it is deployed', `one of ${textOf(list)}`, list.items);
  const text = `\${item ${index ?? '?'} of ${textOf(list)}}`;
  // a list of its own, such as the addresses of an interface: each of its items is something of that resource
  if (list?.kind === 'reference') return list;
  return unknown(list?.kind === 'unknown' ? list.why : `${text} is known when it is deployed`, text, [list]);
}

function findInMap(argument: readonly Expression[], scope: Scope, evaluator: Evaluator): Value | undefined {
  const [name, first, second] = argument.slice(0, 3).map((key) => evaluator.evaluate(key, scope));
  const map = scope.template.json.Mappings?.[textOf(name)];
  const rows = stringOf(first) === undefined ? Object.values(map ?? {}) : [map?.[textOf(first)]];
  const cells = rows.flatMap((row) =>
    stringOf(second) === undefined ? Object.values(row ?? {}) : [row?.[textOf(second)]],
  );
  const found = cells.filter((cell) => cell !== undefined).map((cell) => evaluator.evaluate(cell as Expression, scope));
  const isSaid = [name, first, second].every((key) => stringOf(key) !== undefined);
  if (isSaid && found.length > 0) return found[0];
  const otherwise = (argument[3] as { readonly DefaultValue?: Expression } | undefined)?.DefaultValue;
  if (isSaid && otherwise !== undefined) return evaluator.evaluate(otherwise, scope);
  const why = `"${textOf(first)}.${textOf(second)}" of the mapping "${textOf(name)}" is known when it is deployed`;
  return found.length > 0 ? oneOf(why, `one of ${found.map(textOf).join(', ')}`, found) : unknown(why);
}

/** Splits a literal, and the literal parts of a text: `https://${url}/` at `/` keeps the url in one piece. */
export function split(whole: Value | undefined, delimiter: string): Value {
  const parts = through(whole, (value) => {
    if (!value || value.kind === 'unknown' || value.kind === 'list') return value;
    // an attribute, such as a URL: each part is something of that resource, and nobody selects more of them than these
    if (value.kind === 'reference') return { kind: 'list', items: Array.from({ length: 8 }, () => value) };
    const pieces: Value[][] = [[]];
    for (const part of value.kind === 'text' ? value.parts : [value]) {
      const texts = part.kind === 'literal' ? String(part.value).split(delimiter) : undefined;
      if (!texts) pieces[pieces.length - 1].push(part);
      else
        texts.forEach((text, index) => {
          if (index > 0) pieces.push([]);
          pieces[pieces.length - 1].push(literal(text));
        });
    }
    return { kind: 'list', items: pieces.map(joined) };
  });
  return parts ?? unknown('what Fn::Split divides is not there');
}
