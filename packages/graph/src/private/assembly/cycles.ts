import type { Template } from './template';

/** Whether a condition of a template holds: undefined where that is known only when it is deployed. */
type Holds = (template: Template, condition: string) => boolean | undefined;

/** Refuses a template whose resources wait for each other: CloudFormation cannot deploy it, and no answer about it holds. */
export function refuseCycles(template: Template, holds: Holds): void {
  const done = new Set<string>();
  for (const start of template.resources.keys()) {
    const cycle = findCycle(template, holds, start, done);
    if (cycle)
      throw new Error(
        `"${template.file}" of stack "${template.stackPath}" has a circular dependency: ${cycle.join(' -> ')}. ` +
          'CloudFormation refuses it: take one of these references out, for example by a rule that stands beside ' +
          'its security group instead of within it.',
      );
  }
}

/** Depth first with a stack of its own: templates with 500 resources in a row must not exhaust the call stack. */
function findCycle(template: Template, holds: Holds, start: string, done: Set<string>): string[] | undefined {
  if (done.has(start)) return undefined;
  const trail = [{ id: start, next: needs(template, holds, start) }];
  const open = new Set([start]);
  while (trail.length > 0) {
    const here = trail[trail.length - 1];
    const id = here.next.pop();
    if (id === undefined) {
      trail.pop();
      open.delete(here.id);
      done.add(here.id);
    } else if (open.has(id)) {
      const from = trail.findIndex((step) => step.id === id);
      return [...trail.slice(from).map((step) => step.id), id];
    } else if (!done.has(id)) {
      trail.push({ id, next: needs(template, holds, id) });
      open.add(id);
    }
  }
  return undefined;
}

/** The resources of the same template that have to stand before one. */
function needs(template: Template, holds: Holds, id: string): string[] {
  const json = template.resources.get(id)?.json;
  if (!json || (json.Condition !== undefined && holds(template, json.Condition) === false)) return [];
  const found = new Set<string>([json.DependsOn ?? []].flat());
  collect(json.Properties, template, holds, found);
  return [...found].filter((name) => template.resources.has(name));
}

const PLACEHOLDER = /\$\{([^!}.][^}.]*)(?:\.[^}]*)?\}/g;

function collect(expression: unknown, template: Template, holds: Holds, found: Set<string>): void {
  if (typeof expression !== 'object' || expression === null) return;
  for (const [key, argument] of Object.entries(expression)) {
    if (key === 'Ref' && typeof argument === 'string') found.add(argument);
    else if (key === 'Fn::GetAtt') found.add(Array.isArray(argument) ? argument[0] : String(argument).split('.')[0]);
    else if (key === 'Fn::Sub') {
      const [text, variables] = Array.isArray(argument) ? (argument as [unknown, object]) : [argument, {}];
      for (const [, name] of String(text).matchAll(PLACEHOLDER)) if (!(name in variables)) found.add(name);
    }
    collect(key === 'Fn::If' ? chosen(argument, template, holds) : argument, template, holds, found);
  }
}

/** The side that a condition takes; with one that is open neither certainly closes a circle. */
function chosen(argument: unknown, template: Template, holds: Holds): unknown {
  const [condition, yes, no] = argument as [string, unknown, unknown];
  const truth = holds(template, condition);
  return truth === undefined ? undefined : truth ? yes : no;
}
