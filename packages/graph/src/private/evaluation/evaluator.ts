import { Template, TemplateResource } from '../assembly/template';
import { PROPERTY_ATTRIBUTES, SELF_ATTRIBUTES, portAttribute } from './attributes';
import { Conditions } from './conditions';
import { INTRINSICS, isIntrinsic, split } from './intrinsics';
import { Outputs } from './outputs';
import { pseudoParameter } from './pseudo-parameters';
import { ABSENT, Expression, Scope } from './scope';
import { Value, literal, stringOf, textOf, unknown } from './value';

/** Works out the expressions of all templates of an assembly, through parameters, outputs and exports. */
export class Evaluator {
  private readonly conditions = new Conditions(this);
  private readonly outputs: Outputs;
  private readonly properties = new Map<TemplateResource, Value>();
  /** What is being worked out: parameters and outputs that ask for each other would never end. */
  private readonly open = new Set<string>();

  constructor(templates: readonly Template[]) {
    this.outputs = new Outputs(this, templates);
  }

  /** All properties of a resource, worked out. */
  public propertiesOf(resource: TemplateResource): Value {
    const known = this.properties.get(resource);
    if (known) return known;
    const value = this.evaluate(resource.json.Properties ?? {}, { template: resource.template }) ?? literal('');
    this.properties.set(resource, value);
    return value;
  }

  /**
   * Whether the resource will be made, with the nested stacks around it: `undefined` where a condition depends on what the
   * templates do not say.
   */
  public isMade({ template, json }: TemplateResource): boolean | undefined {
    const own = json.Condition === undefined ? true : this.conditions.holds(template, json.Condition);
    if (own === false || !template.nestedBy) return own;
    const around = this.isMade(template.nestedBy);
    return around === true ? own : around;
  }

  /** An expression; undefined for `AWS::NoValue`, which takes a property away. */
  public evaluate(expression: Expression, scope: Scope): Value | undefined {
    if (expression === null || expression === undefined) return undefined;
    if (typeof expression === 'string') return dynamic(expression);
    if (typeof expression === 'number' || typeof expression === 'boolean') return literal(expression);
    if (Array.isArray(expression)) return { kind: 'list', items: this.present(expression, scope) };
    if (isIntrinsic(expression)) return this.intrinsic(expression, scope);
    const entries = new Map<string, Value>();
    for (const [key, inner] of Object.entries(expression as object)) {
      const value = this.evaluate(inner, scope);
      if (value) entries.set(key, value);
    }
    return { kind: 'mapping', entries };
  }

  /** A condition of the scope's template. */
  public holds(name: string, { template }: Scope): boolean | undefined {
    return this.conditions.holds(template, name);
  }

  /** What `Ref` of a name comes to: a pseudo parameter, a parameter or a resource. */
  public reference(name: string, { template }: Scope): Value | undefined {
    if (name === ABSENT) return undefined;
    const pseudo = pseudoParameter(name, template);
    if (pseudo) return pseudo;
    const resource = template.resources.get(name);
    if (resource) return { kind: 'reference', to: resource, attribute: '' };
    return this.once(`parameter ${template.stackPath}/${name}`, () => this.parameter(name, template));
  }

  /** What an attribute of a resource comes to. */
  public attribute(name: string, attribute: string, { template }: Scope): Value {
    const to = template.resources.get(name);
    if (!to) return unknown(`"${name}" stands in no template of ${template.stackPath}`, `\${${name}.${attribute}}`);
    if (SELF_ATTRIBUTES[to.type]?.includes(attribute)) return { kind: 'reference', to, attribute: '' };
    const said = this.fromProperties(to, attribute);
    if (said) return said;
    if (to.type === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.'))
      return this.outputs.ofNested(to, attribute.slice('Outputs.'.length));
    if (to.type === 'Custom::CrossRegionExportReader') return this.outputs.ofOtherRegion(to, attribute);
    return { kind: 'reference', to, attribute };
  }

  /** `Fn::ImportValue`: the output of another stack that is exported under a name. */
  public imported(name: Value, { template }: Scope): Value {
    return this.outputs.exported(name, template);
  }

  /** `Fn::GetStackOutput`, the weak reference between stacks. */
  public stackOutput(
    stack: Value | undefined,
    output: Value | undefined,
    region: Value | undefined,
    scope: Scope,
  ): Value {
    return this.outputs.ofStack(stack, output, region, scope.template);
  }

  /** Works something out unless that is already going on. */
  public once(what: string, work: () => Value | undefined): Value | undefined {
    if (this.open.has(what)) return unknown(`the ${what} is defined by itself`);
    this.open.add(what);
    try {
      return work();
    } finally {
      this.open.delete(what);
    }
  }

  /** An attribute that a property says, or the default of a port. */
  private fromProperties(to: TemplateResource, attribute: string): Value | undefined {
    const property = (name: string) =>
      this.once(`${name} of ${to.path}`, () =>
        this.evaluate(to.json.Properties?.[name] as Expression, { template: to.template }),
      );
    const repeated = PROPERTY_ATTRIBUTES[to.type]?.[attribute];
    if (repeated) return property(repeated);
    const port = portAttribute(to, attribute, stringOf(property('Engine')));
    if (!port) return undefined;
    return property('Port') ?? (port.otherwise === undefined ? undefined : literal(port.otherwise));
  }

  private present(expressions: readonly Expression[], scope: Scope): Value[] {
    return expressions.map((item) => this.evaluate(item, scope)).filter((item) => item !== undefined);
  }

  private intrinsic(expression: object, scope: Scope): Value | undefined {
    const [[name, argument]] = Object.entries(expression);
    const intrinsic = INTRINSICS[name];
    if (intrinsic) return intrinsic(argument, scope, this);
    const made = this.evaluate(argument, scope);
    return unknown(`${name} is worked out by CloudFormation`, `${name}(${textOf(made)})`, [made]);
  }

  private parameter(name: string, template: Template): Value {
    const declared = template.json.Parameters?.[name];
    const text = `\${${template.stackPath}/${name}}`;
    if (!declared) return unknown(`"${name}" stands in no template of ${template.stackPath}`, text);
    const given = this.givenTo(name, template);
    if (given) return isList(declared.Type) ? split(given, ',') : given;
    if (declared.Type?.startsWith('AWS::SSM::Parameter::'))
      return unknown(`the parameter "${name}" of ${template.stackPath} is read from Systems Manager`, text);
    if (declared.Default === undefined)
      return unknown(`the parameter "${name}" of ${template.stackPath} has no default`, text);
    return isList(declared.Type)
      ? { kind: 'list', items: listed(String(declared.Default)).map(literal) }
      : literal(declared.Default as string | number);
  }

  /** What the parent of a nested stack passes on as a parameter. */
  private givenTo(name: string, { nestedBy }: Template): Value | undefined {
    const given = nestedBy?.json.Properties?.Parameters as Readonly<Record<string, Expression>> | undefined;
    return nestedBy && given && this.evaluate(given[name], { template: nestedBy.template });
  }
}

function listed(text: string): string[] {
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

function isList(type: string | undefined): boolean {
  return type === 'CommaDelimitedList' || (type?.startsWith('List<') ?? false);
}

/** Dynamic references are read by CloudFormation when it deploys. */
function dynamic(text: string): Value {
  return text.includes('{{resolve:')
    ? unknown('a dynamic reference is read when the stack is deployed', text)
    : literal(text);
}
