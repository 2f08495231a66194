import type { Template, TemplateResource } from '../assembly/template';
import type { Evaluator } from './evaluator';
import type { Expression } from './scope';
import { Value, at, oneOf, stringOf, textOf, unknown, unknownIn } from './value';

/** An output that is exported, and where it holds. */
interface Export {
  readonly template: Template;
  readonly output: string;
}

/** What stacks give each other: outputs of nested stacks, exports, weak references, exports to other regions. */
export class Outputs {
  private exports?: Map<string, Export[]>;

  constructor(
    private readonly evaluator: Evaluator,
    private readonly templates: readonly Template[],
  ) {}

  /** An output of a nested stack, seen from its parent. */
  public ofNested(stack: TemplateResource, output: string): Value {
    const nested = this.templates.find(({ nestedBy }) => nestedBy === stack);
    if (!nested) return unknown(`the template of ${stack.path} is not in this assembly`, `\${${stack.path}.${output}}`);
    return this.outputOf(nested, output);
  }

  /** `Fn::ImportValue`: names are of one account and region, so stages may use the same ones. */
  public exported(name: Value, importer: Template): Value {
    const said = textOf(name);
    const text = `\${import ${said}}`;
    const found = (this.allExports().get(said) ?? []).filter(({ template }) => together(template, importer));
    if (found.length === 0) return unknown(`the export "${said}" is of no stack of this assembly`, text);
    const open = unknownIn(name);
    const values = closest(found, importer).map(({ template, output }) => this.outputOf(template, output));
    if (values.length === 1 && !open) return values[0];
    return oneOf(open?.why ?? `${values.length} stacks of this assembly export "${said}"`, text, values);
  }

  /** `Fn::GetStackOutput`. */
  public ofStack(
    stack: Value | undefined,
    output: Value | undefined,
    region: Value | undefined,
    from: Template,
  ): Value {
    const [stackName, name, inRegion] = [textOf(stack), textOf(output), stringOf(region)];
    const text = `\${output ${stackName}.${name}}`;
    const place = inRegion ? { ...from, region: inRegion } : from;
    const found = this.templates
      .filter((candidate) => candidate.stackName === stackName && !candidate.nestedBy && together(candidate, place))
      .map((template) => ({ template, output: name }));
    if (found.length === 0) return unknown(`the stack "${stackName}" is not in this assembly`, text);
    const values = closest(found, from).map(({ template }) => this.outputOf(template, name));
    if (values.length === 1) return values[0];
    return oneOf(`${values.length} stacks of this assembly are called "${stackName}"`, text, values);
  }

  /** What CDK's reader for other regions gives: the writer in the other stack holds the same key. */
  public ofOtherRegion(reader: TemplateResource, key: string): Value {
    for (const template of this.templates)
      for (const writer of template.resources.values()) {
        if (writer.type !== 'Custom::CrossRegionExportWriter') continue;
        const exports = at(this.evaluator.propertiesOf(writer), 'WriterProps.exports');
        const found = exports?.kind === 'mapping' ? exports.entries.get(key) : undefined;
        if (found) return found;
      }
    return unknown(`nothing in this assembly writes "${key}"`, `\${${reader.path}.${key}}`);
  }

  private outputOf(template: Template, output: string): Value {
    const what = `output "${output}" of ${template.stackPath}`;
    const expression = template.json.Outputs?.[output]?.Value as Expression;
    const value = this.evaluator.once(what, () => this.evaluator.evaluate(expression, { template }));
    return value ?? unknown(`${template.stackPath} has no output "${output}"`, `\${${template.stackPath}.${output}}`);
  }

  private allExports(): Map<string, Export[]> {
    if (this.exports) return this.exports;
    const exports = new Map<string, Export[]>();
    for (const template of this.templates)
      for (const [output, { Export }] of Object.entries(template.json.Outputs ?? {})) {
        if (!Export) continue;
        const name = textOf(this.evaluator.evaluate(Export.Name as Expression, { template }));
        exports.set(name, [...(exports.get(name) ?? []), { template, output }]);
      }
    this.exports = exports;
    return exports;
  }
}

/** Whether two stacks may stand in the same account and region; one that takes them from its deployer may. */
function together(a: Template, b: Template): boolean {
  const same = (left?: string, right?: string) => left === undefined || right === undefined || left === right;
  return same(a.account, b.account) && same(a.region, b.region);
}

/** Of several stacks with one name those of the same stage: they are deployed together. */
function closest(found: readonly Export[], to: Template): readonly Export[] {
  const beside = found.filter(({ template }) => template.assembly === to.assembly);
  return beside.length > 0 ? beside : found;
}
