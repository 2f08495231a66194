/** A CloudFormation template, as far as the graph reads it. */
export interface TemplateJson {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, ResourceJson>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value?: unknown; readonly Export?: { readonly Name?: unknown } }>
  >;
}

interface ResourceJson {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** One template of an assembly, and where it will stand. */
export interface Template {
  /** The file in the assembly, relative to its folder. */
  readonly file: string;
  /** The folder of the assembly that it stands in, one for each stage; empty for the outermost. */
  readonly assembly: string;
  /** The stack's name in CloudFormation. */
  readonly stackName: string;
  /** The stack's construct path. */
  readonly stackPath: string;
  /** Undefined where the stack takes them from whoever deploys it. */
  readonly account?: string;
  readonly region?: string;
  /** What CloudFormation puts on every resource of the stack that can be tagged. */
  readonly tags: Readonly<Record<string, string>>;
  readonly json: TemplateJson;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  /** The resource of the parent that makes this template a nested stack. */
  nestedBy?: TemplateResource;
}

/** One resource of a template. */
export interface TemplateResource {
  readonly template: Template;
  readonly logicalId: string;
  readonly type: string;
  /** The construct path, or `<stack>/<logical id>` where a template does not say it. Unique in an assembly. */
  readonly path: string;
  readonly json: ResourceJson;
}

/** Something that somebody noted on a construct. */
export interface MetadataEntry {
  readonly path: string;
  readonly type: string;
  readonly data: unknown;
}

/** What a cloud assembly holds. */
export interface Assembly {
  readonly directory: string;
  readonly templates: readonly Template[];
  readonly metadata: readonly MetadataEntry[];
}
