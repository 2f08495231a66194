import { Construct, IConstruct, RootConstruct } from 'constructs';
import { GraphResource } from '../graph-resource';
import type { TemplateResource } from './assembly/template';
import { nearTo } from './near-paths';
import { ENDPOINT_TYPES } from './network/endpoint-types';

/** The resources of an assembly, standing as the constructs that made them stood. */
export class ConstructTree {
  private readonly root = new RootConstruct();
  private readonly nodes = new Map<TemplateResource, GraphResource>();
  private readonly facts = new Map<IConstruct, TemplateResource>();
  private readonly byLogicalId = new Map<string, TemplateResource[]>();

  constructor(resources: Iterable<TemplateResource>) {
    // parents first: a resource may stand below another one
    const ordered = [...resources].sort((a, b) => depth(a.path) - depth(b.path));
    for (const resource of ordered) this.add(resource);
  }

  public nodeOf(resource: TemplateResource): GraphResource {
    return this.nodes.get(resource) as GraphResource;
  }

  /** The resource that a construct of the app, or of this tree, stands for. */
  public resourceOf(construct: IConstruct): TemplateResource {
    const own = this.facts.get(construct);
    if (own) return own;
    const primary = primaryOf(construct);
    return this.find(primary.node.path) ?? this.single(construct.node.path);
  }

  /** The resource at a construct path, or with a logical id: `Dev/Network/Vpc`, `Dev/VpcB9E5F0B4`, `VpcB9E5F0B4`. */
  public at(name: string): TemplateResource {
    const exact = this.find(name);
    if (exact) return exact;
    const byId = this.byLogicalId.get(name) ?? [];
    if (byId.length === 1) return byId[0];
    if (byId.length > 1)
      throw new Error(
        `"${name}" is the logical id of ${byId.length} resources: ${list(byId)}. Give one of these paths.`,
      );
    return this.single(name);
  }

  private add(resource: TemplateResource): void {
    const segments = resource.path.split('/');
    const last = segments.pop() as string;
    let scope: Construct = this.root;
    for (const id of segments)
      scope = (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id);
    const node = GraphResource._in(scope, last, resource);
    this.nodes.set(resource, node);
    this.facts.set(node, resource);
    for (const key of [resource.logicalId, `${resource.template.stackPath}/${resource.logicalId}`])
      this.byLogicalId.set(key, [...(this.byLogicalId.get(key) ?? []), resource]);
  }

  private find(path: string): TemplateResource | undefined {
    const node = this.tryFind(path);
    return node && this.facts.get(node);
  }

  private tryFind(path: string): IConstruct | undefined {
    let node: IConstruct | undefined = this.root;
    for (const id of path.split('/')) node = node?.node.tryFindChild(id);
    return node;
  }

  /** What a construct that is no resource itself stands for: its main resource, or the only one that has an address. */
  private single(path: string): TemplateResource {
    const node = this.tryFind(path);
    const below = node ? node.node.findAll().flatMap((child) => this.facts.get(child) ?? []) : [];
    if (!node || below.length === 0) throw new Error(this.nothingAt(path));
    const main = ['Resource', 'Default', ...below.map(({ type }) => type.split('::').pop() as string)]
      .map((id) => node.node.tryFindChild(id))
      .find((child) => child && this.facts.has(child));
    if (main) return this.facts.get(main) as TemplateResource;
    const addressed = below.filter(({ type }) => type in ENDPOINT_TYPES);
    const [only, ...others] = addressed.length > 0 ? addressed : below;
    if (others.length > 0)
      throw new Error(
        `"${path}" stands for ${others.length + 1} resources: ${list([only, ...others])}. Give one of them.`,
      );
    return only;
  }

  private nothingAt(path: string): string {
    const near = nearTo(path, [...this.nodes.keys()]);
    const hint = near.length > 0 ? ` Did you mean ${list(near)}?` : '';
    return `No resource of this assembly stands at "${path}".${hint} An imported resource stands in no template.`;
  }
}

/** What CDK calls a construct's main resource, as deep as it goes. */
function primaryOf(construct: IConstruct): IConstruct {
  const child = construct.node.defaultChild;
  return child ? primaryOf(child) : construct;
}

function depth(path: string): number {
  return path.split('/').length;
}

function list(resources: readonly TemplateResource[]): string {
  const named = resources.slice(0, 5).map(({ path, type }) => `"${path}" (${type})`);
  return named.join(', ') + (resources.length > 5 ? ` and ${resources.length - 5} more` : '');
}
