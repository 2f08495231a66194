import type { Stage } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { AcknowledgedRule, MetadataNote, StackInfo } from './assembly-facts';
import type { GraphResource } from './graph-resource';
import type { InternetPath } from './internet-path';
import type { NetworkAclEntry, OpenPort, Packet, SecurityGroupRule } from './open-port';
import { aclAdmits, aclEntryOf, ruleOf } from './private/answers/network';
import { certaintyOf, pathOf } from './private/answers/paths';
import { plain } from './private/answers/plain-properties';
import { referencesOf } from './private/answers/references';
import { whoReaches } from './private/answers/who-reaches';
import { readAssembly } from './private/assembly/read-assembly';
import type { Assembly, TemplateResource } from './private/assembly/template';
import { ConstructTree } from './private/construct-tree';
import { Model } from './private/model';
import { between } from './private/network/connections';
import { subnetsIn } from './private/network/endpoints';
import { internetAccess } from './private/network/internet-access';
import { portText } from './private/network/ports';
import { DOOR_TYPES } from './private/paths/doors';
import { Search } from './private/paths/search';
import { TYPES_WITH_POLICY } from './private/policies/documents';
import { statementsOn } from './private/policies/statements';
import type { PolicyStatement, Reach } from './reach';
import type { Reference } from './reference';
import type { InternetAccess, Route } from './route';

/**
 * A synthesized cloud assembly as a graph: its resources, what names what, where routes lead, which ports are open,
 * and who reaches whom. It reads templates only, so it answers for every CDK app.
 *
 * In doubt it answers "this may be reached" and says what it does not know: a path that it does not show is not there,
 * as far as the templates decide it.
 *
 * @example
 * import { TemplateGraph } from '@groundplan/graph';
 * import { App, Stack, aws_ec2 as ec2 } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Network');
 * const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
 * const graph = TemplateGraph.of(stack);
 * const routes = graph.routesOf(vpc.isolatedSubnets[0]);
 */
export class TemplateGraph {
  /**
   * The graph of the app, or of the stage, that a construct stands in. Synthesizes it; what is added to the app after
   * that is not in the graph.
   */
  public static of(scope: IConstruct): TemplateGraph {
    const stage = [...scope.node.scopes].reverse().find((above): above is Stage => 'synth' in above);
    if (!stage)
      throw new Error(
        `"${scope.node.path || scope.node.id}" stands in no App and no Stage: it cannot be synthesized. Make its stack below "new App()".`,
      );
    return TemplateGraph.fromAssembly(stage.synth().directory);
  }

  /**
   * The graph of a folder that `cdk synth` wrote, usually `cdk.out`, with the assemblies of its stages.
   *
   * @throws where the folder is no cloud assembly, a template is missing or cannot be read, or its resources wait for
   * each other in a circle
   */
  public static fromAssembly(directory: string): TemplateGraph {
    return new TemplateGraph(readAssembly(directory));
  }

  private readonly model: Model;
  private readonly tree: ConstructTree;
  private readonly search: Search;

  private constructor(private readonly assembly: Assembly) {
    this.model = new Model(assembly.templates);
    this.tree = new ConstructTree(this.model.all());
    this.search = new Search(this.model);
  }

  /** All resources that are made: those whose condition does not hold are left out. */
  public resources(): GraphResource[] {
    return [...this.model.all()].map((resource) => this.tree.nodeOf(resource));
  }

  /** The resources of a type, such as `AWS::RDS::DBCluster`. */
  public resourcesOfType(type: string): GraphResource[] {
    return this.model.ofType(type).map((resource) => this.tree.nodeOf(resource));
  }

  /**
   * The resource at a construct path (`Dev/Data/Database`) or with a logical id. A path above a resource finds its main
   * one.
   *
   * @throws where there is none, or more than one
   */
  public at(path: string): GraphResource {
    return this.tree.nodeOf(this.tree.at(path));
  }

  /** The resource that a construct of your app stands for: the one that CDK calls its default child. */
  public resourceOf(construct: IConstruct): GraphResource {
    return this.tree.nodeOf(this.tree.resourceOf(construct));
  }

  /**
   * A resource's properties, worked out: conditions, parameters, mappings, `Fn::Sub` and the like are gone. What is known
   * only when it is deployed is one line of text, such as `${Network/Vpc/Resource}`.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON of any shape, which jsii has no other word for
  public propertiesOf(resource: IConstruct): { [name: string]: any } {
    return plain(this.model.properties(this.tree.resourceOf(resource))) as { [name: string]: unknown };
  }

  /** What a resource names, also through parameters, outputs, exports and weak references of other stacks. */
  public referencesFrom(resource: IConstruct): Reference[] {
    const found = this.tree.resourceOf(resource);
    return referencesOf(found, this.model.properties(found));
  }

  /** What names a resource, in all stacks. */
  public referencesTo(resource: IConstruct): Reference[] {
    const found = this.tree.resourceOf(resource);
    return this.model
      .namedBy(found)
      .flatMap((other) => referencesOf(other, this.model.properties(other)))
      .filter(({ target }) => target === found.path);
  }

  /** The routes of a subnet, those of gateway endpoints included. The VPC's local route is always there and left out. */
  public routesOf(subnet: IConstruct): Route[] {
    return this.search.network.routesOf(this.typed(subnet, 'AWS::EC2::Subnet')).map((route) => ({
      destination: route.destination,
      targetKind: route.kind,
      target: route.targetText,
      unknowns: [...route.doubts],
    }));
  }

  /** How far the routes of a subnet reach: each is followed to a gateway that is attached. In doubt the farther end counts. */
  public internetAccessOf(subnet: IConstruct): InternetAccess {
    return internetAccess(this.model, this.typed(subnet, 'AWS::EC2::Subnet'));
  }

  /** The entries of the network ACL of a subnet; none when it has the VPC's default one as it was made, which admits everything. */
  public networkAclOf(subnet: IConstruct): NetworkAclEntry[] {
    return this.search.network.aclOf(this.typed(subnet, 'AWS::EC2::Subnet')).entries.map(aclEntryOf);
  }

  /**
   * Whether the network ACL of a subnet lets a packet through. ACLs keep no state: ask for the answer too. In doubt it
   * does; the IPv6 block that AWS assigns to a VPC holds no address that one can name before.
   */
  public networkAclAdmits(subnet: IConstruct, packet: Packet): boolean {
    return aclAdmits(this.search.network.aclOf(this.typed(subnet, 'AWS::EC2::Subnet')), packet);
  }

  /** The rules of a security group: within it, beside it, and those that EC2 adds. */
  public rulesOf(securityGroup: IConstruct): SecurityGroupRule[] {
    const to = this.typed(securityGroup, 'AWS::EC2::SecurityGroup');
    return this.search.network.group({ kind: 'reference', to, attribute: '' }).rules.map(ruleOf);
  }

  /**
   * The ports on which one resource can open a connection to another: the rules of both sides, the ACLs between them and
   * the networks that they stand in. Empty when none.
   */
  public openPorts(from: IConstruct, to: IConstruct): OpenPort[] {
    const [start, end] = [this.endpoint(from), this.endpoint(to)];
    return between(this.search.network, start, end).map(({ ports, allowedBy, doubts }) => {
      const unknowns = [...new Set([...doubts, ...start.doubts, ...end.doubts])];
      return { ports: portText(ports), allowedBy: [...allowedBy], certainty: certaintyOf(unknowns), unknowns };
    });
  }

  /**
   * The ways on which a request from the internet arrives at a resource: to its own address, or through balancers,
   * distributions, gateways and proxies that pass it on, or by a policy that admits everybody. Empty when none.
   */
  public pathsFromInternetTo(resource: IConstruct): InternetPath[] {
    return this.search.waysInto(this.tree.resourceOf(resource)).map(pathOf);
  }

  /**
   * Like `pathsFromInternetTo`, and also the ways that lead through code: a service that the internet reaches may ask
   * the database. For each entry and each last step one way, the shortest.
   */
  public chainsFromInternetTo(resource: IConstruct): InternetPath[] {
    return this.search.chainsInto(this.tree.resourceOf(resource)).map(pathOf);
  }

  /** Everything that can reach a resource: the internet, resources, blocks, and who its policy admits. */
  public whoReaches(resource: IConstruct): Reach[] {
    return whoReaches(this.model, this.search, this.tree.resourceOf(resource));
  }

  /** Who can reach what: `whoReaches` of everything that has an address, listens on the internet, or holds a policy. */
  public reach(): Reach[] {
    const types = new Set([...DOOR_TYPES, ...TYPES_WITH_POLICY]);
    return [...this.model.all()]
      .filter((resource) => this.search.endpoints.of(resource) || types.has(resource.type))
      .flatMap((resource) => whoReaches(this.model, this.search, resource));
  }

  /** The statements of the policies that stand on a resource. */
  public policyOn(resource: IConstruct): PolicyStatement[] {
    return statementsOn(this.model, this.tree.resourceOf(resource)).map((statement) => ({
      effect: statement.allows ? 'Allow' : 'Deny',
      principals: [...statement.principals],
      actions: [...statement.actions],
      conditions: statement.conditions.map(({ key }) => key),
      isPublic: statement.isPublic,
      writtenIn: statement.writtenIn,
      unknowns: [...statement.doubts],
    }));
  }

  /** The rules that were acknowledged anywhere in the assembly, each with its reason. */
  public acknowledgements(): AcknowledgedRule[] {
    return this.metadata('aws:cdk:acknowledged-rules').flatMap(({ path, data }) =>
      Object.entries(data as Record<string, string>).map(([ruleId, reason]) => ({ ruleId, reason, path })),
    );
  }

  /** What was noted on constructs with `node.addMetadata(type, data)`, on stacks and below. */
  public metadata(type: string): MetadataNote[] {
    return this.assembly.metadata.filter((entry) => entry.type === type).map(({ path, data }) => ({ path, data }));
  }

  /** The stacks of the assembly, with those that are nested in others. */
  public stacks(): StackInfo[] {
    return this.assembly.templates.map(({ stackPath, stackName, account, region, file, tags, nestedBy }) => {
      return {
        path: stackPath,
        stackName,
        account,
        region,
        templateFile: file,
        tags,
        isNested: nestedBy !== undefined,
      };
    });
  }

  /** The subnets that a resource stands in, as far as they are in the assembly. */
  public subnetsOf(resource: IConstruct): GraphResource[] {
    return subnetsIn(this.endpoint(resource)).map((subnet) => this.tree.nodeOf(subnet));
  }

  private typed(construct: IConstruct, type: string): TemplateResource {
    const resource = this.tree.resourceOf(construct);
    if (resource.type === type) return resource;
    throw new Error(
      `"${resource.path}" is an ${resource.type}, and this question is about an ${type}: ask it about one.`,
    );
  }

  private endpoint(construct: IConstruct) {
    const resource = this.tree.resourceOf(construct);
    const endpoint = this.search.endpoints.of(resource);
    if (endpoint) return endpoint;
    throw new Error(
      `"${resource.path}" (${resource.type}) has no address in a network: ask for the ports between an instance, a ` +
        'service, a function in a VPC, a balancer, a database, a cache, a file system or an endpoint.',
    );
  }
}
