import type { Template } from '../assembly/template';
import type { Evaluator } from './evaluator';
import { Expression } from './scope';
import { Value, stringOf, textOf } from './value';

/** Three-valued: `undefined` is "the templates do not say". */
type Truth = boolean | undefined;

/** The conditions of templates. */
export class Conditions {
  private readonly known = new Map<Template, Map<string, Truth>>();
  private readonly open = new Set<string>();

  constructor(private readonly evaluator: Evaluator) {}

  public holds(template: Template, name: string): Truth {
    const known = this.known.get(template) ?? new Map<string, Truth>();
    this.known.set(template, known);
    if (known.has(name)) return known.get(name);
    const key = `${template.stackPath}#${name}`;
    if (this.open.has(key))
      throw new Error(
        `Condition "${name}" of "${template.file}" depends on itself: take the reference to it out of its own definition.`,
      );
    this.open.add(key);
    const truth = this.evaluate(template.json.Conditions?.[name] as Expression, template);
    this.open.delete(key);
    known.set(name, truth);
    return truth;
  }

  private evaluate(expression: Expression, template: Template): Truth {
    if (typeof expression === 'boolean') return expression;
    if (typeof expression !== 'object' || expression === null) return undefined;
    const [[name, argument] = ['', undefined]] = Object.entries(expression);
    const parts = () => (argument as Expression[]).map((part) => this.evaluate(part, template));
    switch (name) {
      case 'Condition':
        return this.holds(template, String(argument));
      case 'Fn::Not': {
        const [truth] = parts();
        return truth === undefined ? undefined : !truth;
      }
      case 'Fn::And':
        return all(parts());
      case 'Fn::Or': {
        const none = all(parts().map((truth) => (truth === undefined ? undefined : !truth)));
        return none === undefined ? undefined : !none;
      }
      case 'Fn::Equals':
        return this.equal(argument as Expression[], template);
      default:
        return undefined;
    }
  }

  private equal(sides: readonly Expression[], template: Template): Truth {
    const [left, right] = sides.map((side) => this.evaluator.evaluate(side, { template }));
    if (textOf(left) === textOf(right)) return true;
    if (isSaid(left) && isSaid(right)) return false;
    // the id of a resource may be any text but the empty one: "is it given?" has an answer
    const isGiven = [left, right].some((side) => side?.kind === 'reference');
    return isGiven && [left, right].some((side) => stringOf(side) === '') ? false : undefined;
  }
}

function isSaid(side: Value | undefined): boolean {
  if (side?.kind === 'list') return side.items.every(isSaid);
  return side === undefined || side.kind === 'literal';
}

function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}
