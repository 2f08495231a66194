import { Construct } from 'constructs';
import type { TemplateResource } from './private/assembly/template';

/** A resource of a template, as the graph found it. A construct, so that every question takes it as it takes yours. */
export class GraphResource extends Construct {
  /** @internal */
  public static _in(scope: Construct, id: string, resource: TemplateResource): GraphResource {
    return new GraphResource(scope, id, resource);
  }

  /** Such as `AWS::RDS::DBCluster`. */
  public readonly type: string;
  public readonly logicalId: string;
  /** The construct path: `Dev/Network/Vpc/Resource`, or `<stack>/<logical id>` where nothing says it. */
  public readonly path: string;
  /** The construct path of the stack that it stands in. */
  public readonly stackPath: string;
  /** The template's file, relative to the assembly. */
  public readonly templateFile: string;
  /** What stands for it in the template, as it is written there. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON of any shape, which jsii has no other word for
  public readonly definition: { [key: string]: any };

  private constructor(scope: Construct, id: string, { type, logicalId, path, template, json }: TemplateResource) {
    super(scope, id);
    this.type = type;
    this.logicalId = logicalId;
    this.path = path;
    this.stackPath = template.stackPath;
    this.templateFile = template.file;
    this.definition = json;
  }
}
